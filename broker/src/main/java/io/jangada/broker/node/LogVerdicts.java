// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.replication.runtime.RecoveredReplica;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What recovery found, as the quorum wants to know it. */
final class LogVerdicts {
  private LogVerdicts() {}

  /**
   * The verdicts of one log directory.
   *
   * @param directory its id
   */
  static ReplicaVerdicts of(UUID directory, Map<TopicIdPartition, RecoveredReplica> recovered) {
    SortedSet<TopicIdPartition> whole = new TreeSet<>();
    SortedSet<TopicIdPartition> suspect = new TreeSet<>();
    SortedSet<TopicIdPartition> unsynced = new TreeSet<>();
    SortedSet<TopicIdPartition> damaged = new TreeSet<>();
    recovered.forEach(
        (id, replica) ->
            (switch (replica.verdict()) {
                  case WHOLE -> whole;
                  case SUSPECT -> suspect;
                  case UNSYNCED -> unsynced;
                  case DAMAGED -> damaged;
                })
                .add(id));
    return ReplicaVerdicts.of(new TreeMap<>(Map.of(directory, whole)), suspect, unsynced, damaged);
  }
}
