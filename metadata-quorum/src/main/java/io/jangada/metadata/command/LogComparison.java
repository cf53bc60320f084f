// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far the logs of a partition's replicas reach, where the metadata does not know who holds
 * everything committed: it was restored from a backup, and the ISR of that moment says nothing of
 * what was acknowledged later (docs/adr/0012). Once all replicas have said so, those that reach
 * farthest are eligible. Immutable.
 *
 * @param ends by broker id, of those that have said it and whose logs speak for themselves
 * @param doubtful brokers whose logs did not, once: they may be shorter than they were, and what
 *     shows it (a log directory that is gone, an earlier boot) is known at one registration only
 */
public record LogComparison(SortedMap<Integer, LogEnd> ends, SortedSet<Integer> doubtful) {
  /** Nobody has said anything. */
  public static final LogComparison NONE_YET = of(Map.of(), Set.of());

  /** Copies the collections. */
  public LogComparison {
    ends = Collections.unmodifiableSortedMap(new TreeMap<>(ends));
    doubtful = Collections.unmodifiableSortedSet(new TreeSet<>(doubtful));
  }

  /** The same of any collections. */
  public static LogComparison of(Map<Integer, LogEnd> ends, Set<Integer> doubtful) {
    return new LogComparison(new TreeMap<>(ends), new TreeSet<>(doubtful));
  }

  /**
   * The same with what a broker says now, in place of what it said before. Who was in doubt stays
   * so.
   *
   * @param end null if its log does not speak for itself
   */
  public LogComparison with(int brokerId, @Nullable LogEnd end) {
    SortedMap<Integer, LogEnd> next = new TreeMap<>(ends);
    SortedSet<Integer> nextDoubtful = new TreeSet<>(doubtful);
    if (end == null) {
      nextDoubtful.add(brokerId);
    }
    if (end == null || doubtful.contains(brokerId)) {
      next.remove(brokerId);
    } else {
      next.put(brokerId, end);
    }
    return new LogComparison(next, nextDoubtful);
  }

  /** Whether all of them have said it. */
  public boolean coversAll(Collection<Integer> replicas) {
    return ends.keySet().containsAll(replicas);
  }

  /** Who reaches farthest among some brokers, in their order; empty if none has said anything. */
  public List<Integer> farthest(Collection<Integer> among) {
    LogEnd most = null;
    for (Integer id : among) {
      LogEnd end = ends.get(id);
      if (end != null && (most == null || end.compareTo(most) > 0)) {
        most = end;
      }
    }
    LogEnd farthest = most;
    return farthest == null
        ? List.of()
        : among.stream().filter(id -> farthest.equals(ends.get(id))).toList();
  }
}
