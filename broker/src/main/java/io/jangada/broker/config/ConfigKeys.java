// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import io.jangada.common.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Every configuration key of a node: name, type, limits, default, meaning. The loader, the error
 * messages and docs/CONFIGURATION.md all come from here.
 */
final class ConfigKeys {
  private static final int MAX_PORT = 65_535;
  private static final List<ConfigKey<?>> DECLARED = new ArrayList<>();

  static final ConfigKey<Integer> NODE_ID =
      required(
          "node.id",
          ValueType.integer("a number", 1, 999_999_999),
          "Unique in the cluster, and never given to another node's data.");
  static final ConfigKey<Set<Role>> NODE_ROLES =
      key(
          "node.roles",
          "quorum, broker",
          ValueType.setOf(Role.class),
          "`quorum` votes on the cluster's metadata, `broker` holds partitions and serves"
              + " clients.");
  static final ConfigKey<String> NODE_RACK =
      key(
          "node.rack",
          "",
          ValueType.optionalText("a name"),
          "The failure domain; replicas are spread over racks. Empty: none.");

  static final ConfigKey<Optional<UUID>> CLUSTER_ID =
      key(
          "cluster.id",
          "",
          ValueType.optionalUuid(),
          "The cluster that the data directory must belong to. Empty: the one it was formatted"
              + " for.");

  static final ConfigKey<List<QuorumMember>> QUORUM_MEMBERS =
      key(
          "quorum.members",
          "",
          ValueType.listOf(
              "a list of ID@HOST:GRPCPORT/RATISPORT such as 1@10.0.0.1:7400/7401",
              QuorumMember::parse),
          "The 1, 3 or 5 voters that the metadata quorum is formed with. The same list on every"
              + " node. Later members are added with jangada quorum add: a node with the role"
              + " quorum that is not in the list waits for that. Empty: this node alone.");

  static final ConfigKey<String> LISTENERS_BIND_HOST =
      key(
          "listeners.bind-host",
          "127.0.0.1",
          ValueType.text("a host name or address"),
          "The address to listen on; `0.0.0.0` for all, and then `listeners.advertised-host` must"
              + " be given.");
  static final ConfigKey<String> LISTENERS_ADVERTISED_HOST =
      key(
          "listeners.advertised-host",
          "",
          ValueType.optionalText("a host name or address"),
          "What clients and other nodes are told to connect to. Empty: `listeners.bind-host`.");
  static final ConfigKey<Integer> LISTENERS_GRPC_PORT =
      key(
          "listeners.grpc-port",
          "7400",
          ValueType.integer("a port", 1, MAX_PORT),
          "gRPC: clients, replication, administration, health.");
  static final ConfigKey<Integer> LISTENERS_RATIS_PORT =
      key(
          "listeners.ratis-port",
          "7401",
          ValueType.integer("a port", 1, MAX_PORT),
          "Ratis: the quorum members among themselves. Nobody else may reach it.");
  static final ConfigKey<Integer> LISTENERS_HTTP_PORT =
      key(
          "listeners.http-port",
          "7402",
          ValueType.integer("a port", 0, MAX_PORT),
          "HTTP: `/metrics`, `/livez`, `/readyz`. 0 picks a free one.");

  static final ConfigKey<Integer> LISTENERS_EXTERNAL_PORT =
      key(
          "listeners.external-port",
          "0",
          ValueType.integer("a port", 0, MAX_PORT),
          "A second gRPC port, for clients of another network. They are told the brokers' external"
              + " addresses; what is only for brokers is refused there. 0: none.");
  static final ConfigKey<String> LISTENERS_EXTERNAL_HOST =
      key(
          "listeners.external-host",
          "",
          ValueType.optionalText("a host name or address"),
          "What clients of the external port are told to connect to. Empty:"
              + " `listeners.advertised-host`.");
  static final ConfigKey<Integer> LISTENERS_EXTERNAL_ADVERTISED_PORT =
      key(
          "listeners.external-advertised-port",
          "0",
          ValueType.integer("a port", 0, MAX_PORT),
          "Which port those clients are told, where another one is mapped to the external port. 0:"
              + " the same.");
  static final ConfigKey<DataSize> LISTENERS_MAX_MESSAGE_SIZE =
      key(
          "listeners.max-message-size",
          "64MiB",
          ValueType.dataSize(DataSize.ofMebibytes(4), DataSize.ofMebibytes(1024)),
          "The largest gRPC message; a larger one ends its call with RESOURCE_EXHAUSTED. Above"
              + " `log.max-batch-size`.");
  static final ConfigKey<Integer> LISTENERS_MAX_STREAMS =
      key(
          "listeners.max-streams",
          "1000",
          ValueType.integer("a number", 10, 1_000_000),
          "Calls at the same time on one gRPC connection; a client's library holds back more.");
  static final ConfigKey<Duration> LISTENERS_KEEP_ALIVE_TIME =
      key(
          "listeners.keep-alive-time",
          "10s",
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          "A gRPC connection that is silent for so long is asked whether it lives.");
  static final ConfigKey<Duration> LISTENERS_KEEP_ALIVE_TIMEOUT =
      key(
          "listeners.keep-alive-timeout",
          "5s",
          ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
          "And closed if it does not answer in this time.");

  static final ConfigKey<Integer> KAFKA_PORT =
      key(
          "kafka.port",
          "9092",
          ValueType.integer("a port", 0, MAX_PORT),
          "Where Kafka clients connect, on `listeners.bind-host`; they are told"
              + " `listeners.advertised-host`. 0: none.");
  static final ConfigKey<Integer> KAFKA_EXTERNAL_PORT =
      key(
          "kafka.external-port",
          "0",
          ValueType.integer("a port", 0, MAX_PORT),
          "A second port, for Kafka clients of another network. They are told"
              + " `listeners.external-host`. 0: none.");
  static final ConfigKey<Integer> KAFKA_EXTERNAL_ADVERTISED_PORT =
      key(
          "kafka.external-advertised-port",
          "0",
          ValueType.integer("a port", 0, MAX_PORT),
          "Which port those clients are told, where another one is mapped to the external port. 0:"
              + " the same.");
  static final ConfigKey<DataSize> KAFKA_MAX_REQUEST_SIZE =
      key(
          "kafka.max-request-size",
          "64MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(1024)),
          "The largest request; a connection that sends a larger one is closed. At least"
              + " `log.max-batch-size`.");
  static final ConfigKey<DataSize> KAFKA_REQUESTS_IN_FLIGHT =
      key(
          "kafka.requests-in-flight",
          "64MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(64 * 1024)),
          "Bytes of requests that are being received or answered, of all connections together."
              + " Above it connections are not read from. At least `kafka.max-request-size`.");
  static final ConfigKey<DataSize> KAFKA_RESPONSES_IN_FLIGHT =
      key(
          "kafka.responses-in-flight",
          "48MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(64 * 1024)),
          "Bytes of records that were read for fetch requests and are not sent yet, of all"
              + " connections together. Above it further fetches wait.");
  static final ConfigKey<DataSize> KAFKA_MAX_FETCH_SIZE =
      key(
          "kafka.max-fetch-size",
          "16MiB",
          ValueType.dataSize(DataSize.ofKibibytes(64), DataSize.ofMebibytes(1024)),
          "The most bytes of records in one fetch response, whatever the client asks for; more only"
              + " if the first batch alone is larger. As Kafka's `fetch.max.bytes`.");
  static final ConfigKey<Integer> KAFKA_MAX_CONNECTIONS =
      key(
          "kafka.max-connections",
          "20000",
          ValueType.integer("a number", 1, 1_000_000),
          "Connections of Kafka clients at the same time; a further one is closed at once.");
  static final ConfigKey<Duration> KAFKA_IDLE_TIMEOUT =
      key(
          "kafka.idle-timeout",
          "10m",
          ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
          "A connection on which nothing was asked or answered for so long is closed. As Kafka's"
              + " `connections.max.idle.ms`.");
  static final ConfigKey<Integer> KAFKA_NETWORK_THREADS =
      key(
          "kafka.network-threads",
          "2",
          ValueType.integer("a number", 1, 256),
          "Threads that serve the connections of Kafka clients.");
  static final ConfigKey<Integer> KAFKA_FETCH_SESSIONS =
      key(
          "kafka.fetch-sessions",
          "1000",
          ValueType.integer("a number", 0, 1_000_000),
          "Incremental fetch sessions (KIP-227) that are remembered; a client without one names all"
              + " its partitions in each fetch. As Kafka's"
              + " `max.incremental.fetch.session.cache.slots`.");
  static final ConfigKey<Boolean> KAFKA_AUTO_CREATE_TOPICS =
      key(
          "kafka.auto-create-topics",
          "false",
          ValueType.bool(),
          "Whether a topic that a Kafka client asks for, and allows to be created, is created. As"
              + " Kafka's `auto.create.topics.enable`, which is true by default there.");

  static final ConfigKey<Path> STORAGE_DIRECTORY =
      key(
          "storage.directory",
          "data",
          ValueType.directory(),
          "Where everything is kept. A relative path starts at the configuration file's directory."
              + " Prepared by `jangada format`.");
  static final ConfigKey<List<Path>> STORAGE_LOG_DIRECTORIES =
      key(
          "storage.log-directories",
          "",
          ValueType.listOf("a list of directories, or nothing", Path::of),
          "Where partitions' logs lie: one directory for each disk. A new replica goes where the"
              + " fewest are; a disk that fails takes only its own offline. An empty directory is"
              + " taken into use, and recognised from then on. Relative paths start at the"
              + " configuration file's directory. Empty: `log` in `storage.directory`.");

  static final ConfigKey<DataSize> STORAGE_JOURNAL_SIZE =
      key(
          "storage.journal-size",
          "1GiB",
          ValueType.dataSize(DataSize.ofMebibytes(128), DataSize.ofMebibytes(16L * 1024)),
          "How large the journal of each log directory may become, in files of 64 MiB that are made"
              + " as they are needed. A smaller one has partitions' logs synced more often, a"
              + " larger one takes longer to be replayed after a crash.");
  static final ConfigKey<DataSize> STORAGE_QUARANTINE_SIZE =
      key(
          "storage.quarantine-size",
          "4GiB",
          ValueType.dataSize(DataSize.ofMebibytes(0), DataSize.ofMebibytes(16L * 1024 * 1024)),
          "A damaged log is moved to `quarantine` in its log directory and fetched anew from the"
              + " leader. So much is kept there to be looked at; the oldest goes first.");
  static final ConfigKey<DataSize> STORAGE_COMPACTION_MEMORY =
      key(
          "storage.compaction-memory",
          "32MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(16L * 1024)),
          "What a pass of log compaction takes outside of the heap for the keys that are new in a"
              + " log, 32 bytes for each. A log with more of them takes several passes.");
  static final ConfigKey<DataSize> STORAGE_COMPACTION_RATE =
      key(
          "storage.compaction-rate",
          "256MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(1024L * 1024)),
          "What log compaction reads and writes in a second, at most.");

  static final ConfigKey<Duration> BROKER_SESSION_TIMEOUT =
      key(
          "broker.session-timeout",
          "2s",
          ValueType.duration(Duration.ofMillis(300), Duration.ofMinutes(1)),
          "A broker that the quorum leader has not heard of for so long is fenced, and others lead"
              + " its partitions.");
  static final ConfigKey<Duration> BROKER_DISK_STALL_TIMEOUT =
      changeable(
          "broker.disk-stall-timeout",
          "1500ms",
          ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
          "A broker whose oldest unfinished fsync is older leads no more where others can. What the"
              + " quorum's leader was started with counts, unless it is set while brokers run.");
  static final ConfigKey<Duration> BROKER_SHUTDOWN_TIMEOUT =
      key(
          "broker.shutdown-timeout",
          "20s",
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          "How long a controlled shutdown may take before the process ends without it.");
  static final ConfigKey<Integer> BROKER_PARTITION_THREADS =
      key(
          "broker.partition-threads",
          "2",
          ValueType.integer("a number", 1, 256),
          "Threads that own partitions; each partition lives on one.");
  static final ConfigKey<DataSize> BROKER_PRODUCES_IN_FLIGHT =
      changeable(
          "broker.produces-in-flight",
          "64MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(64 * 1024)),
          "Record bytes of unfinished produce requests; more is answered OVERLOADED.");
  static final ConfigKey<Integer> BROKER_PARKED_READS =
      changeable(
          "broker.parked-reads",
          "10000",
          ValueType.integer("a number", 1, 10_000_000),
          "Reads that wait for new records; more is answered OVERLOADED.");

  static final ConfigKey<Duration> REPLICATION_LAG_TIMEOUT =
      changeable(
          "replication.lag-timeout",
          "10s",
          ValueType.duration(Duration.ofMillis(500), Duration.ofHours(1)),
          "A replica that has not reached in this time what the leader had before leaves the"
              + " in-sync replicas.");
  static final ConfigKey<DataSize> REPLICATION_CREDIT_PER_STREAM =
      key(
          "replication.credit-per-stream",
          "64MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(4096)),
          "Record bytes in flight, not acknowledged yet, between two brokers.");

  static final ConfigKey<DataSize> LOG_SEGMENT_SIZE =
      key(
          "log.segment-size",
          "512MiB",
          ValueType.dataSize(DataSize.ofMebibytes(1), DataSize.ofMebibytes(2047)),
          "A log segment is rolled at this size, unless its topic says otherwise.");
  static final ConfigKey<DataSize> LOG_MAX_BATCH_SIZE =
      changeable(
          "log.max-batch-size",
          "8MiB",
          ValueType.dataSize(DataSize.ofKibibytes(1), DataSize.ofMebibytes(64)),
          "The largest record batch that is accepted, whatever a topic's max.message.bytes says.");

  static final ConfigKey<Integer> GROUPS_OFFSETS_PARTITIONS =
      key(
          "groups.offsets-partitions",
          "50",
          ValueType.integer("a number", 1, 10_000),
          "Partitions of `__consumer_offsets`, which keeps consumer groups and their offsets, when"
              + " it is created: with the first group. They never change. As Kafka's"
              + " `offsets.topic.num.partitions`.");
  static final ConfigKey<Integer> GROUPS_OFFSETS_REPLICATION_FACTOR =
      key(
          "groups.offsets-replication-factor",
          "0",
          ValueType.integer("a number", 0, 100),
          "Replicas of each of them. 0: as many as there are brokers then, up to 3. As Kafka's"
              + " `offsets.topic.replication.factor`.");
  static final ConfigKey<Duration> GROUPS_OFFSETS_RETENTION =
      key(
          "groups.offsets-retention",
          "7d",
          ValueType.duration(Duration.ofMinutes(1), Duration.ofDays(3650)),
          "How long the committed offsets of a group are kept that has no members any more. Whole"
              + " minutes. As Kafka's `offsets.retention.minutes`.");
  static final ConfigKey<Duration> GROUPS_OFFSETS_RETENTION_CHECK_INTERVAL =
      key(
          "groups.offsets-retention-check-interval",
          "10m",
          ValueType.duration(Duration.ofMillis(10), Duration.ofDays(1)),
          "How often is looked for those. As Kafka's `offsets.retention.check.interval.ms`.");
  static final ConfigKey<Duration> GROUPS_INITIAL_REBALANCE_DELAY =
      key(
          "groups.initial-rebalance-delay",
          "3s",
          ValueType.duration(Duration.ZERO, Duration.ofMinutes(10)),
          "How long a classic group that was empty waits for further members before it assigns"
              + " partitions. As Kafka's `group.initial.rebalance.delay.ms`.");
  static final ConfigKey<Duration> GROUPS_MIN_SESSION_TIMEOUT =
      key(
          "groups.min-session-timeout",
          "6s",
          ValueType.duration(Duration.ofMillis(1), Duration.ofDays(1)),
          "The shortest session timeout that a member of a classic group may ask for. As Kafka's"
              + " `group.min.session.timeout.ms`.");
  static final ConfigKey<Duration> GROUPS_MAX_SESSION_TIMEOUT =
      key(
          "groups.max-session-timeout",
          "30m",
          ValueType.duration(Duration.ofMillis(1), Duration.ofDays(1)),
          "The longest. As Kafka's `group.max.session.timeout.ms`.");
  static final ConfigKey<Duration> GROUPS_CONSUMER_SESSION_TIMEOUT =
      key(
          "groups.consumer-session-timeout",
          "45s",
          ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
          "Silence after which a member of a group of the consumer protocol (KIP-848) has left. As"
              + " Kafka's `group.consumer.session.timeout.ms`.");
  static final ConfigKey<Duration> GROUPS_CONSUMER_HEARTBEAT_INTERVAL =
      key(
          "groups.consumer-heartbeat-interval",
          "5s",
          ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(10)),
          "How often such members are told to send heartbeats. As Kafka's"
              + " `group.consumer.heartbeat.interval.ms`.");
  static final ConfigKey<Integer> GROUPS_MAX_SIZE =
      key(
          "groups.max-size",
          "2147483647",
          ValueType.integer("a number", 1, Integer.MAX_VALUE),
          "Members of one group, at most. As Kafka's `group.max.size`.");
  static final ConfigKey<Integer> GROUPS_THREADS =
      key(
          "groups.threads",
          "2",
          ValueType.integer("a number", 1, 64),
          "Threads that coordinate groups. As Kafka's `group.coordinator.threads`.");

  static final ConfigKey<LogLevel> LOGGING_LEVEL =
      changeable(
          "logging.level",
          "info",
          ValueType.oneOf(LogLevel.class),
          "How much the node's log says. JANGADA_LOG_LEVEL is another name of the variable.");
  static final ConfigKey<LogFormat> LOGGING_FORMAT =
      key(
          "logging.format",
          "text",
          ValueType.oneOf(LogFormat.class),
          "`text`: lines for people. `json`: one JSON object in a line, for what collects logs.");

  private ConfigKeys() {}

  /** Every declared key, in the order of declaration. */
  static List<ConfigKey<?>> all() {
    return List.copyOf(DECLARED);
  }

  private static <T> ConfigKey<T> key(
      String name, String defaultText, ValueType<T> type, String meaning) {
    return declare(
        new ConfigKey<>(name, type, Optional.of(defaultText), meaning, Optional.of(fixed(name))));
  }

  private static <T> ConfigKey<T> changeable(
      String name, String defaultText, ValueType<T> type, String meaning) {
    return declare(
        new ConfigKey<>(name, type, Optional.of(defaultText), meaning, Optional.empty()));
  }

  private static <T> ConfigKey<T> required(String name, ValueType<T> type, String meaning) {
    return declare(
        new ConfigKey<>(name, type, Optional.empty(), meaning, Optional.of(fixed(name))));
  }

  /** Why what the node is given at its start stays as it is. */
  private static String fixed(String name) {
    return switch (name.substring(0, name.indexOf('.'))) {
      case "node", "cluster" -> "it says who the node is";
      case "quorum" -> "the members of the quorum have to agree on it before they vote";
      case "listeners", "kafka" -> "the ports are opened once, at the start";
      case "storage" -> "the directories are opened once, at the start";
      case "log" -> "set segment.bytes of a topic or of the cluster instead";
      case "groups" -> "the coordinator of groups is set up with it";
      case "logging" -> "the log is opened once, at the start";
      case "broker" ->
          name.equals("broker.session-timeout")
              ? "brokers stop to lead by it before the quorum's leader fences them: all must be"
                  + " restarted with it, one after the other"
              : "threads and timers are set up at the start";
      default -> "the streams that use it are set up at the start";
    };
  }

  private static <T> ConfigKey<T> declare(ConfigKey<T> key) {
    DECLARED.add(key);
    return key;
  }
}
