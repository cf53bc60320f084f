// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.core.PartitionAssignment;
import io.jangada.replication.core.ReplicaConfig;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.storage.FaultyStorage;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Brokers that hold partitions, in one process, over real gRPC on loopback, with a table of their
 * partitions in the place of the quorum.
 */
final class LocalCluster implements AutoCloseable {
  static final ReplicaConfig REPLICA = new ReplicaConfig(2_000, 20, 1_000, 100, 86_400_000, 2_000);

  private final Path directory;
  private final ReplicationLimits limits;
  private final Map<Integer, Broker> brokers = new TreeMap<>();
  private final Map<Integer, String> addresses = new ConcurrentHashMap<>();
  private final Map<TopicIdPartition, Row> rows = new HashMap<>();
  private final Map<Integer, Long> epochs = new HashMap<>();
  private long metadataIndex = 100;

  /** The batches of the tests are as old as computers' time. */
  private TopicSettings settings =
      TopicSettings.DEFAULT
          .withSizes(4 << 20, 1 << 20)
          .withRetention(TopicSettings.UNLIMITED, TopicSettings.UNLIMITED);

  /** One partition in the table. */
  private static final class Row {
    private final List<Integer> replicas;
    private final int minIsr;
    private List<Integer> isr;
    private int leader;
    private int leaderEpoch;
    private int partitionEpoch;

    Row(List<Integer> replicas, int minIsr) {
      this.replicas = replicas;
      this.isr = replicas;
      this.minIsr = minIsr;
      this.leader = replicas.getFirst();
    }
  }

  /** A running broker. */
  record Broker(
      int id,
      FaultyStorage disk,
      ReplicationRuntime runtime,
      Server server,
      Path directory,
      CollectorRegistry metrics) {
    /** Followers that were sent on to that channel by this broker. */
    double movedTo(String channel) {
      return metrics.getSampleValue(
          "jangada_replication_moved_total", new String[] {"channel"}, new String[] {channel});
    }

    PartitionHandle partition(TopicIdPartition id) {
      return runtime.registry().find(id).orElseThrow();
    }
  }

  LocalCluster(Path directory, ReplicationLimits limits) {
    this.directory = directory;
    this.limits = limits;
  }

  synchronized Broker start(int id) throws IOException {
    FaultyStorage disk = new FaultyStorage();
    CollectorRegistry metrics = new CollectorRegistry();
    Path logs = directory.resolve("broker-" + id);
    ReplicationConfig config =
        new ReplicationConfig(
            id,
            List.of(
                new LogDirectoryConfig(
                    logs, directoryId(id), 16 << 20, 64 << 20, 4 << 20, 64 << 20, 2)),
            REPLICA,
            2,
            2,
            limits);
    ReplicationRuntime runtime =
        PartitionReplication.start(
            config,
            disk,
            new Quorum(),
            broker -> Optional.ofNullable(addresses.get(broker)),
            metrics);
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(runtime.service())
            .build()
            .start();
    Broker broker = new Broker(id, disk, runtime, server, logs, metrics);
    brokers.put(id, broker);
    addresses.put(id, "127.0.0.1:" + server.getPort());
    metadataIndex++;
    epochs.put(id, metadataIndex);
    publish();
    return broker;
  }

  static UUID directoryId(int broker) {
    return new UUID(7, broker);
  }

  synchronized Broker broker(int id) {
    return brokers.get(id);
  }

  /** Ends a broker; its successor has another epoch. The metadata fences it. */
  void stop(int id) throws IOException {
    Broker broker;
    synchronized (this) {
      broker = brokers.remove(id);
      epochs.remove(id);
    }
    broker.server().shutdownNow();
    try {
      broker.runtime().close();
    } finally {
      publish();
    }
  }

  /** As {@link #stop}, but without warning, and what was not fsynced is gone. */
  void crash(int id) throws IOException {
    FaultyStorage disk = broker(id).disk();
    disk.die();
    try {
      stop(id);
    } catch (IOException e) {
      // The logs of a dead disk do not close.
    }
    disk.losePower();
  }

  synchronized TopicIdPartition create(int minIsr, Integer... replicas) {
    TopicIdPartition id = new TopicIdPartition(UUID.randomUUID(), rows.size());
    rows.put(id, new Row(List.of(replicas), minIsr));
    publish();
    return id;
  }

  /** Changes the configuration of all partitions. */
  synchronized void configure(UnaryOperator<TopicSettings> change) {
    settings = change.apply(settings);
    publish();
  }

  /** Makes the broker the leader, in a new leader epoch. */
  synchronized void elect(TopicIdPartition id, int leader) {
    Row row = rows.get(id);
    row.leader = leader;
    row.leaderEpoch++;
    row.partitionEpoch++;
    publish();
  }

  /** As {@link #elect}, of a broker that is not in the ISR: what it lacks is lost. */
  synchronized void electUncleanly(TopicIdPartition id, int leader) {
    rows.get(id).isr = List.of(leader);
    elect(id, leader);
  }

  /** As the quorum does when a broker gives up its rights: another one of the ISR leads, if any. */
  synchronized void relinquish(int broker, Collection<TopicIdPartition> ids) {
    for (TopicIdPartition id : ids) {
      Row row = rows.get(id);
      if (row == null || (row.leader != broker && !row.isr.contains(broker))) {
        continue;
      }
      row.isr = row.isr.stream().filter(each -> each != broker).toList();
      if (row.leader == broker) {
        row.leader = row.isr.isEmpty() ? PartitionAssignment.NO_LEADER : row.isr.getFirst();
        row.leaderEpoch++;
      }
      row.partitionEpoch++;
    }
    publish();
  }

  synchronized void delete(TopicIdPartition id) {
    rows.remove(id);
    metadataIndex++;
    for (Broker broker : brokers.values()) {
      broker
          .runtime()
          .registry()
          .apply(
              new MetadataUpdate(metadataIndex, epochs.get(broker.id()), List.of(), List.of(id)));
    }
  }

  synchronized int leader(TopicIdPartition id) {
    return rows.get(id).leader;
  }

  synchronized List<Integer> isr(TopicIdPartition id) {
    return rows.get(id).isr;
  }

  private void propose(IsrProposal proposal, Consumer<IsrChangeOutcome> answer) {
    synchronized (this) {
      Row row = rows.get(proposal.partition());
      if (row == null
          || row.partitionEpoch != proposal.partitionEpoch()
          || row.leaderEpoch != proposal.leaderEpoch()) {
        answer.accept(
            new IsrChangeOutcome.Rejected(ErrorCode.INVALID_UPDATE_VERSION, metadataIndex));
        return;
      }
      row.isr = proposal.isr().stream().map(BrokerView::brokerId).toList();
      row.partitionEpoch++;
      publish();
      answer.accept(new IsrChangeOutcome.Accepted(metadataIndex));
    }
  }

  private final class Quorum implements IsrProposals {
    @Override
    public void propose(IsrProposal proposal, Consumer<IsrChangeOutcome> answer) {
      LocalCluster.this.propose(proposal, answer);
    }

    @Override
    public void resign(TopicIdPartition partition, int leaderEpoch) {
      // Every broker here reaches every other one: nobody would do better.
    }
  }

  private synchronized void publish() {
    metadataIndex++;
    for (Broker broker : brokers.values()) {
      List<HostedAssignment> assigned = new ArrayList<>();
      rows.forEach(
          (id, row) -> {
            if (row.replicas.contains(broker.id())) {
              assigned.add(assignment(id, row));
            }
          });
      broker
          .runtime()
          .registry()
          .apply(new MetadataUpdate(metadataIndex, epochs.get(broker.id()), assigned, List.of()));
    }
  }

  private HostedAssignment assignment(TopicIdPartition id, Row row) {
    List<BrokerView> views =
        row.replicas.stream()
            .map(
                broker ->
                    new BrokerView(
                        broker,
                        epochs.getOrDefault(broker, BrokerView.NOT_REGISTERED),
                        epochs.containsKey(broker)))
            .toList();
    return new HostedAssignment(
        id,
        "orders",
        settings,
        new PartitionAssignment(
            metadataIndex,
            row.leader,
            row.leaderEpoch,
            row.partitionEpoch,
            row.isr,
            row.minIsr,
            views));
  }

  @Override
  public void close() throws IOException {
    for (Integer id : List.copyOf(brokers.keySet())) {
      stop(id);
    }
  }
}
