// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import io.jangada.common.DataSize;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns raw values into a {@link BrokerConfig}, gathering every mistake. Used once. */
final class ConfigAssembler {
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "*");
  private static final Set<String> METADATA = Set.of("quorum", "metadata");
  private static final Set<Integer> QUORUM_SIZES = Set.of(1, 3, 5);

  private final Map<String, ConfigKey<?>> keys;
  private final Map<String, ConfigValue> values;
  private final Path base;
  private final List<String> problems;

  ConfigAssembler(
      List<ConfigKey<?>> keys, Map<String, ConfigValue> values, Path base, List<String> problems) {
    this.keys =
        keys.stream()
            .collect(
                Collectors.toMap(ConfigKey::name, key -> key, (a, b) -> a, LinkedHashMap::new));
    this.values = values;
    this.base = base;
    this.problems = new ArrayList<>(problems);
  }

  BrokerConfig assemble() {
    rejectUnknownKeys();
    keys.values().forEach(this::check);
    throwProblems();
    BrokerConfig.Node node =
        new BrokerConfig.Node(
            get(ConfigKeys.NODE_ID),
            get(ConfigKeys.NODE_ROLES),
            Optional.of(get(ConfigKeys.NODE_RACK)).filter(rack -> !rack.isEmpty()),
            get(ConfigKeys.CLUSTER_ID));
    BrokerConfig.Listeners listeners = listeners();
    BrokerConfig.Broker broker = broker();
    BrokerConfig.Quorum quorum = quorum(node, listeners);
    BrokerConfig.Storage storage = storage();
    BrokerConfig.Groups groups = groups();
    throwProblems();
    return new BrokerConfig(
        node,
        quorum,
        listeners,
        storage,
        broker,
        new BrokerConfig.Replication(
            get(ConfigKeys.REPLICATION_LAG_TIMEOUT), get(ConfigKeys.REPLICATION_CREDIT_PER_STREAM)),
        new BrokerConfig.Log(get(ConfigKeys.LOG_SEGMENT_SIZE), get(ConfigKeys.LOG_MAX_BATCH_SIZE)),
        groups,
        new BrokerConfig.Logging(get(ConfigKeys.LOGGING_LEVEL), get(ConfigKeys.LOGGING_FORMAT)),
        Map.copyOf(values));
  }

  private BrokerConfig.Groups groups() {
    Duration min = get(ConfigKeys.GROUPS_MIN_SESSION_TIMEOUT);
    if (min.compareTo(get(ConfigKeys.GROUPS_MAX_SESSION_TIMEOUT)) > 0) {
      problem(ConfigKeys.GROUPS_MIN_SESSION_TIMEOUT, "expected at most groups.max-session-timeout");
    }
    if (get(ConfigKeys.GROUPS_CONSUMER_HEARTBEAT_INTERVAL)
            .compareTo(get(ConfigKeys.GROUPS_CONSUMER_SESSION_TIMEOUT))
        >= 0) {
      problem(
          ConfigKeys.GROUPS_CONSUMER_HEARTBEAT_INTERVAL,
          "expected less than groups.consumer-session-timeout");
    }
    return new BrokerConfig.Groups(
        get(ConfigKeys.GROUPS_OFFSETS_PARTITIONS),
        get(ConfigKeys.GROUPS_OFFSETS_REPLICATION_FACTOR),
        get(ConfigKeys.GROUPS_OFFSETS_RETENTION),
        get(ConfigKeys.GROUPS_OFFSETS_RETENTION_CHECK_INTERVAL),
        get(ConfigKeys.GROUPS_INITIAL_REBALANCE_DELAY),
        min,
        get(ConfigKeys.GROUPS_MAX_SESSION_TIMEOUT),
        get(ConfigKeys.GROUPS_CONSUMER_SESSION_TIMEOUT),
        get(ConfigKeys.GROUPS_CONSUMER_HEARTBEAT_INTERVAL),
        get(ConfigKeys.GROUPS_MAX_SIZE),
        get(ConfigKeys.GROUPS_THREADS));
  }

  private BrokerConfig.Storage storage() {
    Path directory = absolute(get(ConfigKeys.STORAGE_DIRECTORY));
    DataSize journal = get(ConfigKeys.STORAGE_JOURNAL_SIZE);
    DataSize quarantine = get(ConfigKeys.STORAGE_QUARANTINE_SIZE);
    DataSize compactionMemory = get(ConfigKeys.STORAGE_COMPACTION_MEMORY);
    DataSize compactionRate = get(ConfigKeys.STORAGE_COMPACTION_RATE);
    List<Path> configured = get(ConfigKeys.STORAGE_LOG_DIRECTORIES);
    if (configured.isEmpty()) {
      return new BrokerConfig.Storage(
          directory,
          List.of(directory.resolve("log")),
          journal,
          quarantine,
          compactionMemory,
          compactionRate);
    }
    List<Path> logs = configured.stream().map(this::absolute).toList();
    for (int i = 0; i < logs.size(); i++) {
      Path path = logs.get(i);
      for (Path other : logs.subList(0, i)) {
        if (path.startsWith(other) || other.startsWith(path)) {
          problem(
              ConfigKeys.STORAGE_LOG_DIRECTORIES,
              "expected different directories, none inside another, but %s and %s are not"
                  .formatted(other, path));
        }
      }
      if (directory.startsWith(path)
          || METADATA.stream().anyMatch(name -> path.startsWith(directory.resolve(name)))) {
        problem(
            ConfigKeys.STORAGE_LOG_DIRECTORIES,
            "expected no directory of the metadata, but %s is in use by storage.directory %s"
                .formatted(path, directory));
      }
    }
    return new BrokerConfig.Storage(
        directory, logs, journal, quarantine, compactionMemory, compactionRate);
  }

  private Path absolute(Path path) {
    return base.resolve(path).toAbsolutePath().normalize();
  }

  private BrokerConfig.Listeners listeners() {
    String bindHost = get(ConfigKeys.LISTENERS_BIND_HOST);
    String advertised = get(ConfigKeys.LISTENERS_ADVERTISED_HOST);
    String host = advertised.isEmpty() ? bindHost : advertised;
    if (WILDCARDS.contains(host)) {
      problem(
          advertised.isEmpty()
              ? ConfigKeys.LISTENERS_BIND_HOST
              : ConfigKeys.LISTENERS_ADVERTISED_HOST,
          "expected listeners.advertised-host to name a host that others can connect to");
    }
    BrokerConfig.Listeners listeners =
        new BrokerConfig.Listeners(
            bindHost,
            host,
            get(ConfigKeys.LISTENERS_GRPC_PORT),
            get(ConfigKeys.LISTENERS_RATIS_PORT),
            get(ConfigKeys.LISTENERS_HTTP_PORT),
            external(host),
            new BrokerConfig.GrpcBounds(
                get(ConfigKeys.LISTENERS_MAX_MESSAGE_SIZE),
                get(ConfigKeys.LISTENERS_MAX_STREAMS),
                get(ConfigKeys.LISTENERS_KEEP_ALIVE_TIME),
                get(ConfigKeys.LISTENERS_KEEP_ALIVE_TIMEOUT)),
            kafka(host));
    if (get(ConfigKeys.LISTENERS_MAX_MESSAGE_SIZE).compareTo(get(ConfigKeys.LOG_MAX_BATCH_SIZE))
        < 0) {
      problem(ConfigKeys.LISTENERS_MAX_MESSAGE_SIZE, "expected at least log.max-batch-size");
    }
    if (listeners.grpcPort() == listeners.ratisPort()
        || listeners.grpcPort() == listeners.httpPort()) {
      problem(ConfigKeys.LISTENERS_GRPC_PORT, "expected three different ports");
    } else if (listeners.ratisPort() == listeners.httpPort()) {
      problem(ConfigKeys.LISTENERS_RATIS_PORT, "expected three different ports");
    }
    return listeners;
  }

  private Optional<BrokerConfig.External> external(String advertisedHost) {
    return external(
        ConfigKeys.LISTENERS_EXTERNAL_PORT,
        ConfigKeys.LISTENERS_EXTERNAL_ADVERTISED_PORT,
        advertisedHost,
        List.of(
            ConfigKeys.LISTENERS_GRPC_PORT,
            ConfigKeys.LISTENERS_RATIS_PORT,
            ConfigKeys.LISTENERS_HTTP_PORT));
  }

  private Optional<BrokerConfig.External> external(
      ConfigKey<Integer> portKey,
      ConfigKey<Integer> advertisedPortKey,
      String advertisedHost,
      List<ConfigKey<Integer>> others) {
    int port = get(portKey);
    if (port == 0) {
      return Optional.empty();
    }
    if (others.stream().anyMatch(other -> get(other) == port)) {
      problem(portKey, "expected a port that no other listener has");
    }
    String given = get(ConfigKeys.LISTENERS_EXTERNAL_HOST);
    String host = given.isEmpty() ? advertisedHost : given;
    if (WILDCARDS.contains(host)) {
      problem(ConfigKeys.LISTENERS_EXTERNAL_HOST, "expected a host that clients can connect to");
    }
    int mapped = get(advertisedPortKey);
    return Optional.of(new BrokerConfig.External(port, host + ":" + (mapped == 0 ? port : mapped)));
  }

  private Optional<BrokerConfig.Kafka> kafka(String advertisedHost) {
    int port = get(ConfigKeys.KAFKA_PORT);
    if (port == 0) {
      return Optional.empty();
    }
    List<ConfigKey<Integer>> others =
        List.of(
            ConfigKeys.LISTENERS_GRPC_PORT,
            ConfigKeys.LISTENERS_RATIS_PORT,
            ConfigKeys.LISTENERS_HTTP_PORT,
            ConfigKeys.LISTENERS_EXTERNAL_PORT);
    if (others.stream().anyMatch(other -> get(other) == port)) {
      problem(ConfigKeys.KAFKA_PORT, "expected a port that no other listener has");
    }
    List<ConfigKey<Integer>> othersOfExternal = new ArrayList<>(others);
    othersOfExternal.add(ConfigKeys.KAFKA_PORT);
    Optional<BrokerConfig.External> external =
        external(
            ConfigKeys.KAFKA_EXTERNAL_PORT,
            ConfigKeys.KAFKA_EXTERNAL_ADVERTISED_PORT,
            advertisedHost,
            othersOfExternal);
    DataSize maxRequest = get(ConfigKeys.KAFKA_MAX_REQUEST_SIZE);
    if (maxRequest.compareTo(get(ConfigKeys.LOG_MAX_BATCH_SIZE)) < 0) {
      problem(ConfigKeys.KAFKA_MAX_REQUEST_SIZE, "expected at least log.max-batch-size");
    }
    if (get(ConfigKeys.KAFKA_REQUESTS_IN_FLIGHT).compareTo(maxRequest) < 0) {
      problem(ConfigKeys.KAFKA_REQUESTS_IN_FLIGHT, "expected at least kafka.max-request-size");
    }
    return Optional.of(
        new BrokerConfig.Kafka(
            port,
            advertisedHost + ":" + port,
            external,
            new BrokerConfig.KafkaBounds(
                maxRequest,
                get(ConfigKeys.KAFKA_REQUESTS_IN_FLIGHT),
                get(ConfigKeys.KAFKA_RESPONSES_IN_FLIGHT),
                get(ConfigKeys.KAFKA_MAX_FETCH_SIZE),
                get(ConfigKeys.KAFKA_MAX_CONNECTIONS),
                get(ConfigKeys.KAFKA_IDLE_TIMEOUT),
                get(ConfigKeys.KAFKA_NETWORK_THREADS),
                get(ConfigKeys.KAFKA_FETCH_SESSIONS)),
            get(ConfigKeys.KAFKA_AUTO_CREATE_TOPICS)));
  }

  private BrokerConfig.Broker broker() {
    return new BrokerConfig.Broker(
        get(ConfigKeys.BROKER_SESSION_TIMEOUT),
        get(ConfigKeys.BROKER_DISK_STALL_TIMEOUT),
        get(ConfigKeys.BROKER_SHUTDOWN_TIMEOUT),
        get(ConfigKeys.BROKER_PARTITION_THREADS),
        get(ConfigKeys.BROKER_PRODUCES_IN_FLIGHT),
        get(ConfigKeys.BROKER_PARKED_READS));
  }

  private BrokerConfig.Quorum quorum(BrokerConfig.Node node, BrokerConfig.Listeners listeners) {
    List<QuorumMember> members =
        get(ConfigKeys.QUORUM_MEMBERS).stream()
            .sorted(Comparator.comparingInt(QuorumMember::id))
            .toList();
    if (members.isEmpty() && node.isQuorumMember() && problems.isEmpty()) {
      members =
          List.of(
              new QuorumMember(
                  node.id(),
                  listeners.advertisedHost(),
                  listeners.grpcPort(),
                  listeners.ratisPort()));
    }
    BrokerConfig.Quorum quorum = new BrokerConfig.Quorum(members);
    checkMembers(quorum);
    checkOwnMembership(quorum, node, listeners);
    return quorum;
  }

  private void checkMembers(BrokerConfig.Quorum quorum) {
    List<QuorumMember> members = quorum.members();
    if (!QUORUM_SIZES.contains(members.size())) {
      problem(
          ConfigKeys.QUORUM_MEMBERS, "expected 1, 3 or 5 members, but there are " + members.size());
    }
    Set<Integer> ids = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    for (QuorumMember member : members) {
      if (!ids.add(member.id())) {
        problem(ConfigKeys.QUORUM_MEMBERS, "expected different ids, but two have " + member.id());
      }
      if (!addresses.add(member.grpcAddress()) || !addresses.add(member.ratisAddress())) {
        problem(
            ConfigKeys.QUORUM_MEMBERS,
            "expected different addresses, but " + member + " repeats one");
      }
    }
  }

  private void checkOwnMembership(
      BrokerConfig.Quorum quorum, BrokerConfig.Node node, BrokerConfig.Listeners listeners) {
    Optional<QuorumMember> self = quorum.member(node.id());
    if (self.isPresent() && !node.isQuorumMember()) {
      problem(
          ConfigKeys.NODE_ROLES,
          "expected the role quorum, because quorum.members lists node " + node.id());
    } else if (self.isPresent()
        && (self.get().grpcPort() != listeners.grpcPort()
            || self.get().ratisPort() != listeners.ratisPort())) {
      problem(
          ConfigKeys.QUORUM_MEMBERS,
          "expected this node's ports %d/%d (listeners.grpc-port/listeners.ratis-port), but %s"
              .formatted(listeners.grpcPort(), listeners.ratisPort(), self.get()));
    }
  }

  private void rejectUnknownKeys() {
    values.forEach(
        (name, value) -> {
          if (!keys.containsKey(name)) {
            String meant =
                Suggestions.nearest(name, keys.keySet())
                    .map(key -> "; did you mean " + key + "?")
                    .orElse("");
            problems.add("expected a known key, but " + value.source() + " has " + name + meant);
          }
        });
  }

  private void check(ConfigKey<?> key) {
    @Nullable ConfigValue value = values.get(key.name());
    if (value == null && key.defaultText().isEmpty()) {
      problems.add(
          "expected %s for %s, but it is not set (nor %s)"
              .formatted(key.type().expected(), key.name(), key.environmentVariable()));
    } else if (value != null && !key.type().accepts(value.text())) {
      problem(key, "expected " + key.type().expected());
    }
  }

  /** Only after {@link #check} has passed for every key. */
  private <T> T get(ConfigKey<T> key) {
    @Nullable ConfigValue value = values.get(key.name());
    return key.type()
        .parser()
        .apply(value == null ? key.defaultText().orElseThrow() : value.text());
  }

  private void problem(ConfigKey<?> key, String expectation) {
    @Nullable ConfigValue value = values.get(key.name());
    problems.add(
        value == null
            ? "%s: %s, but the default is '%s'"
                .formatted(key.name(), expectation, key.defaultText().orElse(""))
            : "%s: %s, but %s says '%s'"
                .formatted(key.name(), expectation, value.source(), value.text()));
  }

  private void throwProblems() {
    if (!problems.isEmpty()) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          String.join(";\n", problems),
          "docs/CONFIGURATION.md lists every key");
    }
  }
}
