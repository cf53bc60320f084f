// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import io.jangada.common.JangadaException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and what was acknowledged, by partition, and for how long a partition kept its
 * senders waiting. Thread-safe.
 */
final class Ledger {
  private final long[] inFlight;
  private final long[] lastAcknowledgedNanos;
  private final long[] longestGapNanos;
  private final BitSet acknowledgedLines = new BitSet();
  private long acknowledgedBytes;
  private long sentRecords;
  private @Nullable JangadaException error;

  Ledger(int partitions) {
    inFlight = new long[partitions];
    lastAcknowledgedNanos = new long[partitions];
    longestGapNanos = new long[partitions];
  }

  synchronized void sent(int partition) {
    sentRecords++;
    inFlight[partition]++;
  }

  /**
   * A record is safe. The partition's gap is how long this record has waited without any other of
   * its partition being acknowledged.
   */
  synchronized void acknowledged(int partition, long line, int bytes, long sentNanos, long now) {
    inFlight[partition]--;
    acknowledgedLines.set(Math.toIntExact(line));
    acknowledgedBytes += bytes;
    long waitingSince =
        lastAcknowledgedNanos[partition] == 0
            ? sentNanos
            : Math.max(sentNanos, lastAcknowledgedNanos[partition]);
    longestGapNanos[partition] = Math.max(longestGapNanos[partition], now - waitingSince);
    lastAcknowledgedNanos[partition] = now;
  }

  synchronized void failed(int partition, JangadaException failure) {
    inFlight[partition]--;
    error = error == null ? failure : error;
  }

  synchronized long inFlight(int partition) {
    return inFlight[partition];
  }

  /** The first failure of a send, or null. */
  synchronized @Nullable JangadaException error() {
    return error;
  }

  synchronized long acknowledgedBytes() {
    return acknowledgedBytes;
  }

  synchronized long acknowledgedRecords() {
    return acknowledgedLines.cardinality();
  }

  synchronized boolean isAcknowledged(long line) {
    return acknowledgedLines.get(Math.toIntExact(line));
  }

  synchronized long sentRecords() {
    return sentRecords;
  }

  /** The longest that any partition kept a record waiting without acknowledging another. */
  synchronized long longestGapMs() {
    long longest = 0;
    for (long gap : longestGapNanos) {
      longest = Math.max(longest, gap);
    }
    return longest / 1_000_000;
  }
}
