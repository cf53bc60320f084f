// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where in a segment some of its batches begin, and the largest timestamp before each: finds the
 * place from which to look for an offset or a time. It may know only the segment's end, from where
 * on it was built while appending. Thread-safe.
 *
 * <p>As a file: magic "JIDX" | version int16 | base offset int64 | covered bytes int32 | largest
 * timestamp int64 | count int32 | (offset delta int32, position int32, timestamp before int64)… |
 * CRC32C of all before it.
 */
final class OffsetIndex {
  private static final int MAGIC = 0x4A494458;
  private static final short VERSION = 1;
  private static final int FIXED_BYTES = 30;
  private static final int ENTRY_BYTES = 16;
  private static final int CRC_BYTES = 4;
  private static final int INITIAL_CAPACITY = 8;

  private final int intervalBytes;
  private int[] offsetDeltas = new int[INITIAL_CAPACITY];
  private int[] positions = new int[INITIAL_CAPACITY];

  /** The largest timestamp of the batches before the entry's position. */
  private long[] timestampsBeforeMs = new long[INITIAL_CAPACITY];

  private int size;

  OffsetIndex(int intervalBytes) {
    this.intervalBytes = intervalBytes;
  }

  /** A batch of the index. */
  record Place(int offsetDelta, int position) {}

  /** An index file's content. */
  record Stored(OffsetIndex index, int coveredBytes, long maxTimestampMs) {}

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

  /** Whether it reaches back to the segment's beginning. */
  synchronized boolean complete() {
    return size > 0 && positions[0] == 0;
  }

  /** A batch at or below the offset; null if the index does not know one. */
  synchronized @Nullable Place floor(int offsetDelta) {
    int found = Arrays.binarySearch(offsetDeltas, 0, size, offsetDelta);
    int floor = found >= 0 ? found : -found - 2;
    return floor < 0 ? null : new Place(offsetDeltas[floor], positions[floor]);
  }

  /** A batch before which every timestamp is below the asked one; null if it does not know one. */
  synchronized @Nullable Place floorByTime(long timestampMs) {
    int low = 0;
    int high = size - 1;
    int floor = -1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (timestampsBeforeMs[middle] < timestampMs) {
        floor = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return floor < 0 ? null : new Place(offsetDeltas[floor], positions[floor]);
  }

  /** Forgets batches that begin at or after the position. */
  synchronized void truncate(int position) {
    while (size > 0 && positions[size - 1] >= position) {
      size--;
    }
  }

  /** Adds the other's entries behind its own. */
  synchronized void addAll(OffsetIndex later) {
    synchronized (later) {
      for (int i = 0; i < later.size; i++) {
        add(later.offsetDeltas[i], later.positions[i], later.timestampsBeforeMs[i]);
      }
    }
  }

  /** Forgets batches that begin before the position. */
  synchronized void truncateBelow(int position) {
    int drop = 0;
    while (drop < size && positions[drop] < position) {
      drop++;
    }
    size -= drop;
    System.arraycopy(offsetDeltas, drop, offsetDeltas, 0, size);
    System.arraycopy(positions, drop, positions, 0, size);
    System.arraycopy(timestampsBeforeMs, drop, timestampsBeforeMs, 0, size);
  }

  synchronized ByteBuffer encode(long baseOffset, int coveredBytes, long maxTimestampMs) {
    ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + size * ENTRY_BYTES + CRC_BYTES);
    buffer.putInt(MAGIC).putShort(VERSION).putLong(baseOffset).putInt(coveredBytes);
    buffer.putLong(maxTimestampMs).putInt(size);
    for (int i = 0; i < size; i++) {
      buffer.putInt(offsetDeltas[i]).putInt(positions[i]).putLong(timestampsBeforeMs[i]);
    }
    buffer.putInt(crc(buffer, buffer.position()));
    return buffer.flip();
  }

  /** The stored index, or null if it is not a sound one of that segment. */
  static @Nullable Stored decode(ByteBuffer buffer, long baseOffset, int intervalBytes) {
    int crcAt = buffer.limit() - CRC_BYTES;
    if (crcAt < FIXED_BYTES
        || buffer.getInt() != MAGIC
        || buffer.getShort() != VERSION
        || buffer.getLong() != baseOffset
        || buffer.getInt(crcAt) != crc(buffer, crcAt)) {
      return null;
    }
    int coveredBytes = buffer.getInt();
    long maxTimestampMs = buffer.getLong();
    OffsetIndex index = new OffsetIndex(intervalBytes);
    for (int left = buffer.getInt(); left > 0; left--) {
      index.add(buffer.getInt(), buffer.getInt(), buffer.getLong());
    }
    return new Stored(index, coveredBytes, maxTimestampMs);
  }

  private static int crc(ByteBuffer buffer, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }
}
