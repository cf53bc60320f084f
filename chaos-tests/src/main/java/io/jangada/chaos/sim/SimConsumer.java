// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.ReadView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An application that reads one partition from the beginning and sometimes asks for its end. */
final class SimConsumer {
  private final SimCluster cluster;
  private final int node;
  private final int partition;
  private @Nullable UUID topicId;
  private long position;

  /** The newest leader epoch of which it has heard. */
  private int leaderEpoch = ReadView.ANY_EPOCH;

  SimConsumer(SimCluster cluster, int number, int partition) {
    this.cluster = cluster;
    this.node = SimClients.FIRST_NODE + number;
    this.partition = partition;
    schedule();
  }

  private void schedule() {
    cluster
        .clock()
        .afterMs(
            cluster.clock().between(20, 120),
            () -> {
              poll();
              schedule();
            });
  }

  private void poll() {
    SimClients.Route route = SimClients.route(cluster, partition);
    if (route == null || cluster.quorum().image().topic(route.partition().topicId()) == null) {
      return;
    }
    UUID id = route.partition().topicId();
    if (!id.equals(topicId)) {
      topicId = id;
      position = 0;
      leaderEpoch = ReadView.ANY_EPOCH;
    }
    leaderEpoch = Math.max(leaderEpoch, route.leaderEpoch());
    SimClients.Route asked = new SimClients.Route(route.partition(), route.leader(), leaderEpoch);
    boolean list = cluster.clock().chance(0.3);
    long from = position;
    SimClients.fetch(
        cluster, node, asked, from, list, fetched -> fetched(asked, from, list, fetched));
  }

  private void fetched(
      SimClients.Route route, long from, boolean listed, SimClients.Fetched fetched) {
    if (!route.partition().topicId().equals(topicId)) {
      return;
    }
    if (cluster.truth(route.partition()).isBroken()) {
      // Its positions may be beyond what is left.
      return;
    }
    ErrorCode refused = fetched.refused();
    if (refused != null) {
      refused(refused, from, cluster.truth(route.partition()));
      return;
    }
    if (fetched.highWatermark() < from) {
      throw new InvariantViolation(
          "I9",
          "expected the end of the log at "
              + from
              + " or above, but it is listed at "
              + fetched.highWatermark());
    }
    if (!listed && from == position) {
      Truth truth = cluster.truth(route.partition());
      for (RecordBatch batch : fetched.batches()) {
        read(truth, batch);
      }
    }
  }

  private void refused(ErrorCode code, long from, Truth truth) {
    switch (code) {
      case FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH ->
          cluster.counters().count(Counter.READS_FENCED);
      case OFFSET_NOT_AVAILABLE -> cluster.counters().count(Counter.HIGH_WATERMARK_UNKNOWN);
      case OFFSET_OUT_OF_RANGE -> {
        if (from >= truth.deletedEnd()) {
          throw new InvariantViolation(
              "I9", "expected offset " + from + ", read up to before, to be in range");
        }
        position = Math.max(position, truth.deletedEnd());
      }
      default -> {
        // Asked again with the next poll.
      }
    }
  }

  private void read(Truth truth, RecordBatch batch) {
    long value = SimBatches.firstValue(batch);
    for (long offset = batch.baseOffset(); offset < batch.nextOffset(); offset++) {
      if (offset >= position && (offset >= truth.end() || truth.valueAt((int) offset) != value)) {
        throw new InvariantViolation(
            "I2", "expected the committed value at offset " + offset + ", but read " + value);
      }
      value++;
    }
    cluster.counters().add(Counter.RECORDS_READ, batch.nextOffset() - position);
    position = batch.nextOffset();
  }
}
