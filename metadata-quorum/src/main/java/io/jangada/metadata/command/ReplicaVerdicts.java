// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.TopicIdPartition;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a broker's recovery says of the replicas on its disks: what their rights rest on
 * (REPLICATION.md, rules 8 and 21). Immutable; a replica that is named nowhere holds nothing on
 * disk.
 *
 * @param whole those that have all that they ever called durable, by the log directory they are in
 * @param suspect those that may be shorter than they were
 * @param unsynced those of the others that may be shorter if the machine was restarted
 * @param damaged those that are surely not whole
 * @param ends where the logs of those that are not damaged end
 */
public record ReplicaVerdicts(
    SortedMap<UUID, SortedSet<TopicIdPartition>> whole,
    SortedSet<TopicIdPartition> suspect,
    SortedSet<TopicIdPartition> unsynced,
    SortedSet<TopicIdPartition> damaged,
    SortedMap<TopicIdPartition, LogEnd> ends) {
  /** No replica is on disk. */
  public static final ReplicaVerdicts NONE = of(Map.of(), Set.of(), Set.of(), Set.of());

  /** Copies the collections. */
  public ReplicaVerdicts {
    SortedMap<UUID, SortedSet<TopicIdPartition>> copy = new TreeMap<>();
    whole.forEach((directory, replicas) -> copy.put(directory, copied(replicas)));
    whole = Collections.unmodifiableSortedMap(copy);
    suspect = copied(suspect);
    unsynced = copied(unsynced);
    damaged = copied(damaged);
    ends = Collections.unmodifiableSortedMap(new TreeMap<>(ends));
  }

  /** The same with where the logs end. */
  public ReplicaVerdicts withEnds(Map<TopicIdPartition, LogEnd> newEnds) {
    return new ReplicaVerdicts(whole, suspect, unsynced, damaged, new TreeMap<>(newEnds));
  }

  /** The same of any collections; where the logs end is not said. */
  public static ReplicaVerdicts of(
      Map<UUID, ? extends Set<TopicIdPartition>> whole,
      Set<TopicIdPartition> suspect,
      Set<TopicIdPartition> unsynced,
      Set<TopicIdPartition> damaged) {
    SortedMap<UUID, SortedSet<TopicIdPartition>> sorted = new TreeMap<>();
    whole.forEach((directory, replicas) -> sorted.put(directory, copied(replicas)));
    return new ReplicaVerdicts(
        sorted, copied(suspect), copied(unsynced), copied(damaged), new TreeMap<>());
  }

  private static SortedSet<TopicIdPartition> copied(Set<TopicIdPartition> replicas) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(replicas));
  }
}
