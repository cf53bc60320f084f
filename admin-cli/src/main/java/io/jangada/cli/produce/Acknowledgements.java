// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.common.JangadaException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of the records that were sent are acknowledged. Partitions answer out of step, so beside
 * the number of acknowledged records it knows how many from the first on are acknowledged without a
 * gap: that is where a person goes on after a failure. Thread-safe; memory grows with what is in
 * flight. {@link #firstError} costs whoever asks for each record nothing.
 */
final class Acknowledgements {
  private static final int COMPACT_AT = 1 << 16;

  private long prefix;
  private BitSet beyondPrefix = new BitSet();

  /** How many of {@code beyondPrefix} are set without a gap: looked for from here on. */
  private int contiguous;

  private long acknowledged;
  private long acknowledgedBytes;
  private volatile @Nullable JangadaException firstError;
  private long firstErrorIndex = -1;

  /** The record with that number, from 0, is acknowledged. */
  synchronized void acknowledged(long index, int bytes) {
    acknowledged++;
    acknowledgedBytes += bytes;
    beyondPrefix.set(Math.toIntExact(index - prefix));
    contiguous = beyondPrefix.nextClearBit(contiguous);
    if (contiguous >= COMPACT_AT) {
      beyondPrefix = beyondPrefix.get(contiguous, Math.max(contiguous, beyondPrefix.length()));
      prefix += contiguous;
      contiguous = 0;
    }
  }

  /** The record with that number, from 0, is not, or may not be, written. */
  synchronized void failed(long index, JangadaException error) {
    if (firstError == null || index < firstErrorIndex) {
      firstError = error;
      firstErrorIndex = index;
    }
  }

  synchronized long count() {
    return acknowledged;
  }

  synchronized long bytes() {
    return acknowledgedBytes;
  }

  /** How many records from the first on are acknowledged without a gap. */
  synchronized long contiguous() {
    return prefix + contiguous;
  }

  /** The failure of the earliest record that failed, or null. */
  @Nullable JangadaException firstError() {
    return firstError;
  }

  /** The number of that record, from 0. */
  synchronized long firstErrorIndex() {
    return firstErrorIndex;
  }
}
