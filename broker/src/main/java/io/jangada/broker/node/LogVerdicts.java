// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.LogEnd;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.replication.runtime.RecoveredReplica;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What recovery found, as the quorum wants to know it. */
final class LogVerdicts {
  private LogVerdicts() {}

  static ReplicaVerdicts of(Map<TopicIdPartition, RecoveredReplica> recovered) {
    SortedMap<UUID, SortedSet<TopicIdPartition>> whole = new TreeMap<>();
    SortedSet<TopicIdPartition> suspect = new TreeSet<>();
    SortedSet<TopicIdPartition> unsynced = new TreeSet<>();
    SortedSet<TopicIdPartition> damaged = new TreeSet<>();
    SortedMap<TopicIdPartition, LogEnd> ends = new TreeMap<>();
    recovered.forEach(
        (id, replica) -> {
          (switch (replica.verdict()) {
                case WHOLE ->
                    whole.computeIfAbsent(replica.directory(), ignored -> new TreeSet<>());
                case SUSPECT -> suspect;
                case DAMAGED -> damaged;
              })
              .add(id);
          if (!replica.synced()) {
            unsynced.add(id);
          }
          if (replica.verdict() != RecoveredReplica.Verdict.DAMAGED) {
            ends.put(id, new LogEnd(replica.lastEpoch(), replica.endOffset()));
          }
        });
    return ReplicaVerdicts.of(whole, suspect, unsynced, damaged).withEnds(ends);
  }
}
