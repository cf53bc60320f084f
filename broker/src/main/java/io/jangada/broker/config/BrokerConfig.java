// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import io.jangada.common.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Everything one node is told, validated. Immutable. Made by {@link ConfigLoader}; {@link
 * ConfigKeys} declares each key with its default, its limits and what it means.
 *
 * @param given what was set, by key: by the file, the environment or {@code --set}
 */
public record BrokerConfig(
    Node node,
    Quorum quorum,
    Listeners listeners,
    Storage storage,
    Broker broker,
    Replication replication,
    Log log,
    Groups groups,
    Logging logging,
    Map<String, ConfigValue> given) {

  /**
   * Who this node is.
   *
   * @param id unique in the cluster, at least 1
   * @param roles at least one
   * @param rack the failure domain, or empty
   * @param clusterId the cluster that the data directory must belong to, or empty for any
   */
  public record Node(int id, Set<Role> roles, Optional<String> rack, Optional<UUID> clusterId) {
    /** Whether the node votes on the metadata. */
    public boolean isQuorumMember() {
      return roles.contains(Role.QUORUM);
    }

    /** Whether the node holds partitions. */
    public boolean isBroker() {
      return roles.contains(Role.BROKER);
    }
  }

  /**
   * The metadata quorum.
   *
   * @param members the voters, by ascending id: 1, 3 or 5
   */
  public record Quorum(List<QuorumMember> members) {
    /** The member of that node id, if it is one. */
    public Optional<QuorumMember> member(int id) {
      return members.stream().filter(member -> member.id() == id).findFirst();
    }
  }

  /**
   * Where the node listens.
   *
   * @param bindHost the address the sockets are bound to
   * @param advertisedHost what others are told to connect to; never a wildcard
   * @param grpcPort clients, replication, admin
   * @param ratisPort the quorum members among themselves
   * @param httpPort metrics and health; 0 picks a free one
   * @param external for clients of another network; empty: none
   * @param grpc bounds of both gRPC listeners
   * @param kafka the listener for Kafka clients; empty: none
   */
  public record Listeners(
      String bindHost,
      String advertisedHost,
      int grpcPort,
      int ratisPort,
      int httpPort,
      Optional<External> external,
      GrpcBounds grpc,
      Optional<Kafka> kafka) {
    /** What clients and other brokers are told: {@code host:port}. */
    public String advertisedGrpcAddress() {
      return advertisedHost + ":" + grpcPort;
    }
  }

  /**
   * The listener for Kafka clients.
   *
   * @param port where it listens
   * @param advertisedAddress what clients are told: {@code host:port}
   * @param external for Kafka clients of another network; empty: none
   * @param bounds what it may take
   * @param autoCreateTopics whether topics that clients ask for are created
   */
  public record Kafka(
      int port,
      String advertisedAddress,
      Optional<External> external,
      KafkaBounds bounds,
      boolean autoCreateTopics) {}

  /**
   * Bounds of the listener for Kafka clients.
   *
   * @param maxRequestSize a connection that sends a larger request is closed
   * @param requestsInFlight bytes of requests that are not answered yet, all connections together
   * @param responsesInFlight bytes of records that are not sent yet, all connections together
   * @param maxFetchSize the most bytes of records in one response
   * @param maxConnections a further one is closed at once
   * @param idleTimeout silence after which a connection is closed
   * @param networkThreads threads that serve connections
   * @param fetchSessions incremental fetch sessions that are remembered
   */
  public record KafkaBounds(
      DataSize maxRequestSize,
      DataSize requestsInFlight,
      DataSize responsesInFlight,
      DataSize maxFetchSize,
      int maxConnections,
      Duration idleTimeout,
      int networkThreads,
      int fetchSessions) {}

  /**
   * A second listener.
   *
   * @param port where it listens
   * @param advertisedAddress what clients that connect there are told: {@code host:port}
   */
  public record External(int port, String advertisedAddress) {}

  /**
   * Bounds of the gRPC listeners.
   *
   * @param maxMessageSize above this a call is ended
   * @param maxStreams calls at the same time on one connection
   * @param keepAliveTime silence after which a connection is asked whether it lives
   * @param keepAliveTimeout how long it may take to answer
   */
  public record GrpcBounds(
      DataSize maxMessageSize, int maxStreams, Duration keepAliveTime, Duration keepAliveTimeout) {}

  /**
   * Where the node keeps its data.
   *
   * @param directory absolute and normalized
   * @param logDirectories where partitions' logs lie; absolute, normalized, none inside another
   * @param journalSize bytes of the journal in each of them, at most
   * @param quarantineSize bytes of damaged logs that are kept in each of them
   * @param compactionMemory for the keys that a pass of log compaction remembers
   * @param compactionRate what log compaction reads and writes in a second, at most
   */
  public record Storage(
      Path directory,
      List<Path> logDirectories,
      DataSize journalSize,
      DataSize quarantineSize,
      DataSize compactionMemory,
      DataSize compactionRate) {
    /** Copies the list. */
    public Storage {
      logDirectories = List.copyOf(logDirectories);
    }
  }

  /**
   * The process as a member of the cluster.
   *
   * @param sessionTimeout silence after which the quorum leader fences the broker
   * @param diskStallTimeout age of an unfinished fsync at which others lead in a broker's place
   * @param shutdownTimeout how long a controlled shutdown may take before it is cut short
   * @param partitionThreads threads that own partitions; at least 1
   * @param producesInFlight bytes of unfinished produce requests, all clients together
   * @param parkedReads reads that wait for new records, all clients together
   */
  public record Broker(
      Duration sessionTimeout,
      Duration diskStallTimeout,
      Duration shutdownTimeout,
      int partitionThreads,
      DataSize producesInFlight,
      int parkedReads) {}

  /**
   * Replication between brokers.
   *
   * @param lagTimeout a replica that has been behind for so long leaves the ISR
   * @param creditPerStream bytes in flight, unacknowledged, on one replication stream
   */
  public record Replication(Duration lagTimeout, DataSize creditPerStream) {}

  /**
   * Partition logs.
   *
   * @param segmentSize a log segment is rolled at this size
   * @param maxBatchSize the largest record batch that is accepted
   */
  public record Log(DataSize segmentSize, DataSize maxBatchSize) {}

  /**
   * Consumer groups.
   *
   * @param offsetsPartitions partitions of the topic that keeps them, when it is created
   * @param offsetsReplicationFactor its replicas; 0: as many as there are brokers, up to 3
   * @param offsetsRetention how long offsets of a group without members are kept
   * @param offsetsRetentionCheckInterval how often is looked for those
   * @param initialRebalanceDelay how long an empty classic group waits for further members
   * @param minSessionTimeout the shortest that a member of a classic group may ask for
   * @param maxSessionTimeout the longest
   * @param consumerSessionTimeout silence after which a member of a KIP-848 group has left
   * @param consumerHeartbeatInterval how often such members are told to send heartbeats
   * @param maxSize members of one group, at most
   * @param threads that coordinate groups
   */
  public record Groups(
      int offsetsPartitions,
      int offsetsReplicationFactor,
      Duration offsetsRetention,
      Duration offsetsRetentionCheckInterval,
      Duration initialRebalanceDelay,
      Duration minSessionTimeout,
      Duration maxSessionTimeout,
      Duration consumerSessionTimeout,
      Duration consumerHeartbeatInterval,
      int maxSize,
      int threads) {}

  /**
   * The node's own log.
   *
   * @param level how much it says
   * @param format how it is written
   */
  public record Logging(LogLevel level, LogFormat format) {}
}
