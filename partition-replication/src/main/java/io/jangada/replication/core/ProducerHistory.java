// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.record.RecordBatch;
import java.util.Arrays;

/**
 * The remembered batches of one producer, oldest first: the last {@value #REMEMBERED}, and beyond
 * those what a truncation may still bring back to light. Not thread-safe.
 */
final class ProducerHistory {
  /** As many as a client may have in flight (KIP-98). */
  static final int REMEMBERED = 5;

  /** Bounds what is kept for truncation while the high watermark stands still. */
  static final int MAX_KEPT = 64;

  static final long NO_OFFSET = -1;
  private static final int FIELDS = 2;

  /** Base and last offset of each batch. */
  private long[] offsets = new long[REMEMBERED * FIELDS];

  /** Base and last sequence of each batch. */
  private int[] sequences = new int[REMEMBERED * FIELDS];

  /** The largest of each batch, or none where only a snapshot tells of it. */
  private long[] timestampsMs = new long[REMEMBERED];

  private short[] epochs = new short[REMEMBERED];
  private int size;
  long lastUsedMs;

  int size() {
    return size;
  }

  /** See {@link ProducerStates#check}. */
  long check(short epoch, int baseSequence, int lastSequence) {
    short lastEpoch = epochs[size - 1];
    if (epoch < lastEpoch) {
      return ProducerStates.STALE_EPOCH;
    }
    if (epoch > lastEpoch) {
      return baseSequence == 0 ? ProducerStates.NEW : ProducerStates.OUT_OF_ORDER;
    }
    int expected = nextSequence(sequences[(size - 1) * FIELDS + 1]);
    if (baseSequence == expected) {
      return ProducerStates.NEW;
    }
    int found = find(epoch, baseSequence, lastSequence);
    if (found >= 0) {
      return offsets[found * FIELDS];
    }
    int oldest = size - 1;
    while (isRemembered(oldest - 1, epoch)) {
      oldest--;
    }
    if (precedes(baseSequence, sequences[oldest * FIELDS])) {
      return ProducerStates.FORGOTTEN_DUPLICATE;
    }
    return ProducerStates.OUT_OF_ORDER;
  }

  /** The largest timestamp of a batch that was sent again; -1 if it is not known. */
  long timestampMs(short epoch, int baseSequence, int lastSequence) {
    int found = find(epoch, baseSequence, lastSequence);
    return found < 0 ? RecordBatch.NO_TIMESTAMP : timestampsMs[found];
  }

  private int find(short epoch, int baseSequence, int lastSequence) {
    for (int i = size - 1; isRemembered(i, epoch); i--) {
      if (sequences[i * FIELDS] == baseSequence && sequences[i * FIELDS + 1] == lastSequence) {
        return i;
      }
    }
    return -1;
  }

  /** What is kept for truncation only does not count: a follower may not have it. */
  private boolean isRemembered(int index, short epoch) {
    return index >= Math.max(0, size - REMEMBERED) && epochs[index] == epoch;
  }

  void add(
      short epoch,
      int baseSequence,
      int lastSequence,
      long baseOffset,
      long lastOffset,
      long timestampMs) {
    if (size == epochs.length) {
      int capacity = size * 2;
      epochs = Arrays.copyOf(epochs, capacity);
      timestampsMs = Arrays.copyOf(timestampsMs, capacity);
      sequences = Arrays.copyOf(sequences, capacity * FIELDS);
      offsets = Arrays.copyOf(offsets, capacity * FIELDS);
    }
    epochs[size] = epoch;
    timestampsMs[size] = timestampMs;
    sequences[size * FIELDS] = baseSequence;
    sequences[size * FIELDS + 1] = lastSequence;
    offsets[size * FIELDS] = baseOffset;
    offsets[size * FIELDS + 1] = lastOffset;
    size++;
  }

  /**
   * Forgets what is neither among the last batches now nor after any truncation, which never goes
   * below the high watermark.
   */
  void trim(long highWatermark) {
    int drop = 0;
    while (size - drop > REMEMBERED
        && (offsets[(drop + REMEMBERED) * FIELDS + 1] < highWatermark || size - drop > MAX_KEPT)) {
      drop++;
    }
    if (drop > 0) {
      size -= drop;
      System.arraycopy(epochs, drop, epochs, 0, size);
      System.arraycopy(timestampsMs, drop, timestampsMs, 0, size);
      System.arraycopy(sequences, drop * FIELDS, sequences, 0, size * FIELDS);
      System.arraycopy(offsets, drop * FIELDS, offsets, 0, size * FIELDS);
    }
  }

  void truncateFrom(long offset) {
    while (size > 0 && offsets[(size - 1) * FIELDS + 1] >= offset) {
      size--;
    }
  }

  void forEach(long producerId, ProducerStates.BatchVisitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.batch(
          producerId,
          epochs[i],
          sequences[i * FIELDS],
          sequences[i * FIELDS + 1],
          offsets[i * FIELDS],
          offsets[i * FIELDS + 1]);
    }
  }

  long lastTimestampMs() {
    return timestampsMs[size - 1];
  }

  /** Where the last batch below the offset ends, or {@link #NO_OFFSET}. */
  long lastOffsetBelow(long offset) {
    for (int i = size - 1; i >= 0; i--) {
      if (offsets[i * FIELDS + 1] < offset) {
        return offsets[i * FIELDS + 1];
      }
    }
    return NO_OFFSET;
  }

  short lastEpoch() {
    return epochs[size - 1];
  }

  int lastSequence() {
    return sequences[(size - 1) * FIELDS + 1];
  }

  /** Whether the one comes before the other, on the half circle that ends there. */
  private static boolean precedes(int sequence, int other) {
    int distance = (other - sequence) & Integer.MAX_VALUE;
    return distance != 0 && distance < 1 << 30;
  }

  /** Sequences wrap from the largest int to 0. */
  private static int nextSequence(int sequence) {
    return (sequence + 1) & Integer.MAX_VALUE;
  }
}
