// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what streamed files have in the page cache small, all files together: what was written
 * longest ago is waited for and dropped when more than a bound is under way. Thread-safe.
 */
final class WriteBehind {
  private static final long MAX_BYTES = 8 << 20;

  private record Run(StreamedFile file, long from, long bytes) {}

  private final ArrayDeque<Run> runs = new ArrayDeque<>();
  private long bytesUnderWay;

  /** The range was written and is on its way to the disk. */
  void started(StreamedFile file, long from, long bytes) {
    add(new Run(file, from, bytes));
    Run oldest = takeBeyondBound();
    while (oldest != null) {
      oldest.file().finish(oldest.from(), oldest.bytes());
      oldest = takeBeyondBound();
    }
  }

  private synchronized void add(Run run) {
    runs.add(run);
    bytesUnderWay += run.bytes();
  }

  private synchronized @Nullable Run takeBeyondBound() {
    if (bytesUnderWay <= MAX_BYTES) {
      return null;
    }
    Run oldest = runs.remove();
    bytesUnderWay -= oldest.bytes();
    return oldest;
  }
}
