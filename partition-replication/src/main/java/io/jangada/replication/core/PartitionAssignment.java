// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the metadata says about one partition at one index. Immutable.
 *
 * @param metadataIndex the index of the metadata log up to which this is true
 * @param leaderId the leader, or {@link #NO_LEADER}
 * @param leaderEpoch grows with each election
 * @param partitionEpoch grows with each change of the partition's record; compare-and-set key of
 *     ISR changes
 * @param isr the committed in-sync replicas
 * @param minInsyncReplicas the topic's {@code min.insync.replicas}
 * @param replicas the brokers that hold a replica, in order of preference
 */
public record PartitionAssignment(
    long metadataIndex,
    int leaderId,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> isr,
    int minInsyncReplicas,
    List<BrokerView> replicas) {
  /** The leader id of a partition without one. */
  public static final int NO_LEADER = -1;

  /** Copies the lists. */
  public PartitionAssignment {
    isr = List.copyOf(isr);
    replicas = List.copyOf(replicas);
  }

  /** What is known of the broker, or null if it holds no replica. */
  public @Nullable BrokerView replica(int brokerId) {
    for (BrokerView view : replicas) {
      if (view.brokerId() == brokerId) {
        return view;
      }
    }
    return null;
  }

  /** How many committed ISR members it takes to advance the high watermark (KIP-966). */
  public int requiredIsrSize() {
    return Math.min(minInsyncReplicas, replicas.size());
  }
}
