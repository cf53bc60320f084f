// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.publish;

import io.jangada.metadata.store.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest changes in memory, shared by all subscribers; bounded. Thread-safe. */
final class RecentChanges {
  private final int maxChanges;
  private final long maxBytes;
  private final Deque<Change> changes = new ArrayDeque<>();
  private long bytes;

  RecentChanges(int maxChanges, long maxBytes) {
    this.maxChanges = maxChanges;
    this.maxBytes = maxBytes;
  }

  synchronized void add(Change change) {
    changes.addLast(change);
    bytes += change.records().length;
    while (changes.size() > maxChanges || (bytes > maxBytes && changes.size() > 1)) {
      bytes -= changes.removeFirst().records().length;
    }
  }

  synchronized void clear() {
    changes.clear();
    bytes = 0;
  }

  /** What follows that state, or null if the memory does not reach back to it. */
  synchronized @Nullable List<Change> after(long index) {
    if (changes.isEmpty() || changes.getFirst().prevIndex() > index) {
      return null;
    }
    if (changes.getLast().index() == index) {
      return List.of();
    }
    List<Change> found = new ArrayList<>();
    for (Change change : changes) {
      if (!found.isEmpty() || change.prevIndex() == index) {
        found.add(change);
      }
    }
    return found.isEmpty() ? null : found;
  }
}
