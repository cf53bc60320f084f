// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.HashMap;
import java.util.Map;

/** I9: high watermarks and epochs never go back. */
final class NothingGoesBack implements Invariant {
  /** The highest high watermark that a leader knew to be current, by partition and epoch. */
  private final Map<Truth, KnownHighWatermark> known = new HashMap<>();

  private static final class KnownHighWatermark {
    int leaderEpoch = -1;
    long highWatermark;
    long ofOlderEpochs;
  }

  @Override
  public void check(SimCluster cluster) {
    for (SimBroker broker : cluster.brokers()) {
      for (SimReplica replica : broker.replicas().values()) {
        if (replica.truth().isBroken()) {
          continue;
        }
        if (replica.core().highWatermark() < replica.highestHighWatermark()) {
          throw new InvariantViolation(
              "I9",
              "expected the high watermark of broker "
                  + broker.id()
                  + " not to fall below "
                  + replica.highestHighWatermark()
                  + ": "
                  + Describe.of(cluster));
        }
        checkKnown(broker, replica);
      }
    }
  }

  /** KIP-207: what a leader answers is never less than what a leader before it answered. */
  private void checkKnown(SimBroker broker, SimReplica replica) {
    var view = replica.core().readView();
    if (!view.highWatermarkKnown()) {
      return;
    }
    KnownHighWatermark best =
        known.computeIfAbsent(replica.truth(), ignored -> new KnownHighWatermark());
    if (view.leaderEpoch() > best.leaderEpoch) {
      best.ofOlderEpochs = Math.max(best.ofOlderEpochs, best.highWatermark);
      best.leaderEpoch = view.leaderEpoch();
    }
    if (view.leaderEpoch() == best.leaderEpoch && view.highWatermark() < best.ofOlderEpochs) {
      throw new InvariantViolation(
          "I9",
          "expected leader "
              + broker.id()
              + " in epoch "
              + view.leaderEpoch()
              + " to answer at least "
              + best.ofOlderEpochs
              + ", but it answers "
              + view.highWatermark());
    }
    best.highWatermark = Math.max(best.highWatermark, view.highWatermark());
  }

  static void checkMetadata(MetadataImage before, MetadataImage after) {
    after.forEachPartition(
        (id, partition) -> {
          var earlier = before.partition(id);
          if (earlier != null
              && (partition.leaderEpoch() < earlier.leaderEpoch()
                  || partition.partitionEpoch() < earlier.partitionEpoch()
                  || (partition.leader() != earlier.leader()
                      && partition.leaderEpoch() == earlier.leaderEpoch()))) {
            throw new InvariantViolation(
                "I9", "expected the epochs of " + earlier + " to grow, but got " + partition);
          }
        });
    for (BrokerRegistration broker : after.brokers().values()) {
      BrokerRegistration earlier = before.broker(broker.brokerId());
      if (earlier != null && broker.brokerEpoch() < earlier.brokerEpoch()) {
        throw new InvariantViolation(
            "I9", "expected the broker epoch of " + earlier + " to grow, but got " + broker);
      }
    }
  }
}
