// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.util.Arrays;

/**
 * Where in a segment some of its batches begin, and the largest timestamp before each: finds the
 * place from which to look for an offset or a time. Held in memory, built by whoever appends or
 * scans. Thread-safe.
 */
final class OffsetIndex {
  private static final int INITIAL_CAPACITY = 16;

  private final int intervalBytes;
  private int[] offsetDeltas = new int[INITIAL_CAPACITY];
  private int[] positions = new int[INITIAL_CAPACITY];

  /** The largest timestamp of the batches before the entry's position. */
  private long[] timestampsBeforeMs = new long[INITIAL_CAPACITY];

  private int size;

  OffsetIndex(int intervalBytes) {
    this.intervalBytes = intervalBytes;
  }

  /** Notes a batch, if it is time for another entry. */
  synchronized void add(int offsetDelta, int position, long timestampBeforeMs) {
    if (size > 0 && position - positions[size - 1] < intervalBytes) {
      return;
    }
    if (size == positions.length) {
      offsetDeltas = Arrays.copyOf(offsetDeltas, size * 2);
      positions = Arrays.copyOf(positions, size * 2);
      timestampsBeforeMs = Arrays.copyOf(timestampsBeforeMs, size * 2);
    }
    offsetDeltas[size] = offsetDelta;
    positions[size] = position;
    timestampsBeforeMs[size] = timestampBeforeMs;
    size++;
  }

  /** The position of a batch at or below the offset. */
  synchronized int floorPosition(int offsetDelta) {
    int found = Arrays.binarySearch(offsetDeltas, 0, size, offsetDelta);
    int floor = found >= 0 ? found : -found - 2;
    return floor < 0 ? 0 : positions[floor];
  }

  /** The position of a batch before which every timestamp is below the asked one. */
  synchronized int floorPositionByTime(long timestampMs) {
    int low = 0;
    int high = size - 1;
    int floor = 0;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (timestampsBeforeMs[middle] < timestampMs) {
        floor = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return size == 0 ? 0 : positions[floor];
  }

  /** Forgets batches that begin at or after the position. */
  synchronized void truncate(int position) {
    while (size > 0 && positions[size - 1] >= position) {
      size--;
    }
  }
}
