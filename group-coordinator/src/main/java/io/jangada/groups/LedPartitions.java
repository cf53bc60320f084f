// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;

/** Which partitions of the offsets are coordinated here, in which leader epoch. Thread-safe. */
final class LedPartitions {
  private final Map<Integer, Integer> epochs = new ConcurrentHashMap<>();

  void elected(int partition, int leaderEpoch) {
    epochs.put(partition, leaderEpoch);
  }

  void resigned(int partition) {
    epochs.remove(partition);
  }

  /** Whether that election is the present one. */
  boolean isCurrent(int partition, int leaderEpoch) {
    return Integer.valueOf(leaderEpoch).equals(epochs.get(partition));
  }

  /**
   * The epoch in which this broker coordinates it.
   *
   * @throws NotLeaderOrFollowerException if it does not
   */
  int epochOf(TopicPartition partition) {
    Integer epoch = epochs.get(partition.partition());
    if (epoch == null) {
      throw new NotLeaderOrFollowerException(partition + " is not coordinated here any more");
    }
    return epoch;
  }
}
