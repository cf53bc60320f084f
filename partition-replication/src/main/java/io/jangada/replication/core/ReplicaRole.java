// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import java.util.List;

/** What a replica is at the moment. One class per role; a role never changes its epoch. */
public sealed interface ReplicaRole permits LeaderReplica, FollowerReplica, OfflineReplica {
  /** The roles by name. */
  enum Kind {
    /** Takes appends, decides the ISR and the high watermark. */
    LEADER,
    /** Copies a leader's log, or waits for one. */
    FOLLOWER,
    /** Holds no replica, or does not know yet, or has stopped. */
    OFFLINE
  }

  /** Which one this is. */
  Kind kind();

  /** The leader epoch in which the role is played; -1 if none is known. */
  int leaderEpoch();

  /** Acts on the event. */
  void step(PartitionEvent event, long nowMs, List<PartitionEffect> out);
}
