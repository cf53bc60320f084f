// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import java.util.Arrays;

/**
 * At which offset each leader epoch of a log begins (KIP-101). Epochs and offsets both rise; an
 * epoch ends where the next one begins. Not thread-safe.
 */
public final class LeaderEpochHistory {
  /** The epoch of an empty log. */
  public static final int NO_EPOCH = -1;

  private static final int INITIAL_CAPACITY = 4;

  private int[] epochs = new int[INITIAL_CAPACITY];
  private long[] startOffsets = new long[INITIAL_CAPACITY];
  private int size;

  /** The number of epochs. */
  public int size() {
    return size;
  }

  /** The i-th epoch, oldest first. */
  public int epochAt(int i) {
    return epochs[i];
  }

  /** Where the i-th epoch begins. */
  public long startOffsetAt(int i) {
    return startOffsets[i];
  }

  /** The latest epoch, or {@link #NO_EPOCH}. */
  public int lastEpoch() {
    return size == 0 ? NO_EPOCH : epochs[size - 1];
  }

  /**
   * Notes that the epoch begins at the offset. Nothing changes if it is the latest one already; an
   * epoch that turns out to be empty gives way to its successor.
   *
   * @throws IllegalArgumentException if the epoch is older than the latest
   */
  public void append(int epoch, long startOffset) {
    if (epoch == lastEpoch()) {
      return;
    }
    if (epoch < lastEpoch()) {
      throw new IllegalArgumentException(
          "expected an epoch of at least " + lastEpoch() + ", but got " + epoch);
    }
    truncateFrom(startOffset);
    if (size == epochs.length) {
      epochs = Arrays.copyOf(epochs, size * 2);
      startOffsets = Arrays.copyOf(startOffsets, size * 2);
    }
    epochs[size] = epoch;
    startOffsets[size] = startOffset;
    size++;
  }

  /** The largest epoch that is not above the asked one, or {@link #NO_EPOCH}. */
  public int floorEpoch(int epoch) {
    int i = floorIndex(epoch);
    return i < 0 ? NO_EPOCH : epochs[i];
  }

  /** The epoch of the batch at the offset, or {@link #NO_EPOCH} if it lies before all of them. */
  public int epochOf(long offset) {
    int i = size - 1;
    while (i >= 0 && startOffsets[i] > offset) {
      i--;
    }
    return i < 0 ? NO_EPOCH : epochs[i];
  }

  /**
   * Where the largest epoch that is not above the asked one ends.
   *
   * @param logEndOffset where the latest epoch ends
   */
  public long endOffsetOf(int epoch, long logEndOffset) {
    int next = floorIndex(epoch) + 1;
    return next < size ? startOffsets[next] : logEndOffset;
  }

  /** Forgets what begins at or after the offset. */
  public void truncateFrom(long offset) {
    while (size > 0 && startOffsets[size - 1] >= offset) {
      size--;
    }
  }

  /** Forgets epochs that end at or before the new log start. */
  public void truncateBefore(long logStartOffset) {
    int drop = 0;
    while (drop + 1 < size && startOffsets[drop + 1] <= logStartOffset) {
      drop++;
    }
    if (drop > 0) {
      System.arraycopy(epochs, drop, epochs, 0, size - drop);
      System.arraycopy(startOffsets, drop, startOffsets, 0, size - drop);
      size -= drop;
    }
    if (size > 0 && startOffsets[0] < logStartOffset) {
      startOffsets[0] = logStartOffset;
    }
  }

  /** Forgets everything. */
  public void clear() {
    size = 0;
  }

  /** An independent copy. */
  public LeaderEpochHistory copy() {
    LeaderEpochHistory copy = new LeaderEpochHistory();
    copy.epochs = epochs.clone();
    copy.startOffsets = startOffsets.clone();
    copy.size = size;
    return copy;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ", ").append(epochs[i]).append('@').append(startOffsets[i]);
    }
    return text.append(']').toString();
  }

  private int floorIndex(int epoch) {
    int i = size - 1;
    while (i >= 0 && epochs[i] > epoch) {
      i--;
    }
    return i;
  }
}
