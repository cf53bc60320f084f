// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.PartitionEvent;
import io.jangada.replication.core.ReadView;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all clients do: find the leader as some broker knows it, and ask it over the network. */
final class SimClients {
  /** Clients are nodes of the network, numbered from here. */
  static final int FIRST_NODE = 201;

  private static final long APPEND_TIMEOUT_MS = 900;
  private static final int FETCH_BATCHES = 20;

  private SimClients() {}

  /**
   * A partition and its leader, as one broker's metadata has it.
   *
   * @param partition with the topic's id
   */
  record Route(TopicIdPartition partition, int leader, int leaderEpoch) {}

  /** Asks any broker that is up; null if it knows of no leader. */
  static @Nullable Route route(SimCluster cluster, int partition) {
    SimBroker broker = cluster.broker(1 + cluster.clock().below(cluster.setup().brokers()));
    MetadataImage image = broker.image();
    TopicImage topic = broker.isUp() ? image.topic(SimCluster.TOPIC) : null;
    PartitionRegistration found = topic == null ? null : topic.partitions().get(partition);
    return topic == null || found == null || !found.hasLeader()
        ? null
        : new Route(topic.partitionId(partition), found.leader(), found.leaderEpoch());
  }

  /** Appends; the answer comes once or never. */
  static void append(
      SimCluster cluster,
      int client,
      Route route,
      RecordBatch batch,
      Acks acks,
      long expectedOffset,
      Consumer<AppendResult> answered) {
    SimNetwork network = cluster.network();
    Consumer<AppendResult> reply =
        result -> network.send(route.leader(), client, () -> answered.accept(result));
    network.send(
        client,
        route.leader(),
        () -> {
          SimBroker broker = cluster.broker(route.leader());
          if (!broker.isUp()) {
            return;
          }
          SimReplica replica = broker.replica(route.partition());
          if (replica == null) {
            reply.accept(new AppendResult.Failed(ErrorCode.UNKNOWN_TOPIC, true, "no such topic"));
            return;
          }
          if (!broker.directory().admits()) {
            reply.accept(new AppendResult.Failed(ErrorCode.DISK_FULL, true, "the disk is full"));
            return;
          }
          long deadline = cluster.clock().nowMs() + APPEND_TIMEOUT_MS;
          replica.append(
              batch,
              new PartitionEvent.Append(0, batch, acks, -1, expectedOffset, deadline),
              acks == Acks.ALL,
              reply);
        });
  }

  /**
   * What a read brings.
   *
   * @param refused why not, or null
   * @param batches below the high watermark, from the one with the offset on
   */
  record Fetched(@Nullable ErrorCode refused, List<RecordBatch> batches, long highWatermark) {}

  /** Reads, or asks for the end of the log only; the answer comes once or never. */
  static void fetch(
      SimCluster cluster,
      int client,
      Route route,
      long offset,
      boolean listOffsets,
      Consumer<Fetched> answered) {
    SimNetwork network = cluster.network();
    network.send(
        client,
        route.leader(),
        () -> {
          SimBroker broker = cluster.broker(route.leader());
          if (broker.isUp()) {
            Fetched fetched = read(broker, route, offset, listOffsets);
            network.send(route.leader(), client, () -> answered.accept(fetched));
          }
        });
  }

  private static Fetched read(SimBroker broker, Route route, long offset, boolean listOffsets) {
    SimReplica replica = broker.replica(route.partition());
    if (replica == null) {
      return new Fetched(ErrorCode.UNKNOWN_TOPIC, List.of(), 0);
    }
    ReadView view = replica.core().readView();
    ErrorCode refused =
        listOffsets
            ? view.refuseListOffsets(route.leaderEpoch())
            : view.refuseFetch(offset, route.leaderEpoch());
    if (refused != null) {
      return new Fetched(refused, List.of(), 0);
    }
    List<RecordBatch> batches =
        listOffsets
            ? List.of()
            : replica.read(offset, FETCH_BATCHES).stream()
                .filter(batch -> batch.nextOffset() <= view.highWatermark())
                .toList();
    return new Fetched(null, batches, view.highWatermark());
  }
}
