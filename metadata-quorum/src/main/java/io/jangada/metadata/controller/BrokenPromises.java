// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataDelta;
import java.util.ArrayList;
import java.util.List;

/** What people have to be told of a change: that records may be lost (KIP-966). Pure. */
public sealed interface BrokenPromises {
  /** Which partition. */
  TopicIdPartition partition();

  /** A leader was elected that may lack acknowledged records. */
  record UncleanElection(TopicIdPartition partition, int leader) implements BrokenPromises {}

  /**
   * No replica is left that surely has every acknowledged record.
   *
   * @param lastKnown those that had, before they lost their logs
   */
  record NoOneEligible(TopicIdPartition partition, List<Integer> lastKnown)
      implements BrokenPromises {
    /** Copies the list. */
    public NoOneEligible {
      lastKnown = List.copyOf(lastKnown);
    }
  }

  /** What a change broke, in the order of the partitions. */
  static List<BrokenPromises> in(MetadataDelta delta) {
    List<BrokenPromises> broken = new ArrayList<>();
    for (TopicIdPartition id : delta.changedPartitions()) {
      PartitionRegistration before = delta.before().partition(id);
      PartitionRegistration after = delta.after().partition(id);
      if (before == null || after == null) {
        continue;
      }
      boolean elected = after.hasLeader() && after.leaderEpoch() != before.leaderEpoch();
      if (elected && !before.hasRights(after.leader())) {
        broken.add(new UncleanElection(id, after.leader()));
      }
      if (nobody(after) && !nobody(before)) {
        broken.add(new NoOneEligible(id, after.lastKnownElr()));
      }
    }
    return broken;
  }

  private static boolean nobody(PartitionRegistration partition) {
    return partition.isr().isEmpty() && partition.elr().isEmpty();
  }
}
