// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;

/** Which partitions of the offsets are coordinated here, in which leader epoch. Thread-safe. */
final class LedPartitions {
  private static final CompletableFuture<@Nullable Void> NOTHING_TO_LOAD =
      CompletableFuture.completedFuture(null);

  private final Map<Integer, Election> elections = new ConcurrentHashMap<>();

  /** Since when a partition is coordinated here; the future says that its log is loaded. */
  private record Election(int leaderEpoch, CompletableFuture<@Nullable Void> loaded) {}

  void elected(int partition, int leaderEpoch) {
    end(elections.put(partition, new Election(leaderEpoch, new CompletableFuture<>())));
  }

  void resigned(int partition) {
    end(elections.remove(partition));
  }

  private static void end(@Nullable Election election) {
    if (election != null) {
      election.loaded().complete(null);
    }
  }

  /** Whether that election is the present one. */
  boolean isCurrent(int partition, int leaderEpoch) {
    Election present = elections.get(partition);
    return present != null && present.leaderEpoch() == leaderEpoch;
  }

  /** The log has been loaded, or cannot be. */
  void loaded(int partition, int leaderEpoch) {
    Election present = elections.get(partition);
    if (present != null && present.leaderEpoch() == leaderEpoch) {
      end(present);
    }
  }

  /** Done once there is nothing to wait for: it is loaded, or is not coordinated here. */
  CompletableFuture<@Nullable Void> loading(int partition) {
    Election present = elections.get(partition);
    return present == null ? NOTHING_TO_LOAD : present.loaded();
  }

  /**
   * The epoch in which this broker coordinates it.
   *
   * @throws NotLeaderOrFollowerException if it does not
   */
  int epochOf(TopicPartition partition) {
    Election present = elections.get(partition.partition());
    if (present == null) {
      throw new NotLeaderOrFollowerException(partition + " is not coordinated here any more");
    }
    return present.leaderEpoch();
  }
}
