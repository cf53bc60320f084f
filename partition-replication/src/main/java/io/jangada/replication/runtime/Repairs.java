// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.PartitionAssignment;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides what is to be done about a replica whose log is damaged (rule 21): the damaged log gives
 * way only where another replica leads, and once the quorum does not count on it any more. Not
 * thread-safe; whoever assigns partitions guards it.
 */
final class Repairs {
  /** A log that is damaged again and again lies on a disk that nobody should rely on. */
  static final int MAX_REPAIRS = 3;

  private final int brokerId;
  private final Map<TopicIdPartition, Integer> begun = new HashMap<>();
  private final Map<TopicIdPartition, Integer> toldPartitionEpochs = new HashMap<>();

  /** What is to be done. */
  enum Decision {
    /** Nothing now; the next change of the partition is looked at. */
    WAIT,

    /** Nothing can be done here until somebody leads. */
    NOBODY_LEADS,

    /** The quorum is to be told again that the replica has no rights. */
    RELINQUISH,

    /** The log is to be set aside, and fetched from the leader. */
    REBUILD,

    /** It has been rebuilt too often. */
    GIVE_UP
  }

  Repairs(int brokerId) {
    this.brokerId = brokerId;
  }

  /** The quorum is being told of the damage. */
  void told(TopicIdPartition id, PartitionAssignment assignment) {
    toldPartitionEpochs.put(id, assignment.partitionEpoch());
  }

  Decision decide(TopicIdPartition id, PartitionAssignment assignment) {
    if (assignment.leaderId() == brokerId || assignment.isr().contains(brokerId)) {
      Integer told = toldPartitionEpochs.put(id, assignment.partitionEpoch());
      return told != null && told == assignment.partitionEpoch()
          ? Decision.WAIT
          : Decision.RELINQUISH;
    }
    if (assignment.leaderId() == PartitionAssignment.NO_LEADER) {
      return Decision.NOBODY_LEADS;
    }
    int before = begun.getOrDefault(id, 0);
    if (before >= MAX_REPAIRS) {
      return Decision.GIVE_UP;
    }
    begun.put(id, before + 1);
    return Decision.REBUILD;
  }

  /** The partition is not here any more. */
  void forget(TopicIdPartition id) {
    begun.remove(id);
    toldPartitionEpochs.remove(id);
  }
}
