// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import io.jangada.record.RecordBatch;
import io.jangada.record.RecordCursor;

/**
 * The first half of a pass: notes the newest offset of each key, batch by batch, until the memory
 * is full or everything was seen. Not thread-safe.
 */
public final class KeyMapping {
  private final KeyOffsets keys;
  private final long fromOffset;
  private final int maxDecompressedBytes;
  private long mappedTo;
  private boolean full;

  /**
   * Nothing is noted yet.
   *
   * @param fromOffset records below it are passed over
   * @param maxDecompressedBytes what the records of one batch may at most become
   */
  public KeyMapping(KeyOffsets keys, long fromOffset, int maxDecompressedBytes) {
    this.keys = keys;
    this.fromOffset = fromOffset;
    this.maxDecompressedBytes = maxDecompressedBytes;
    this.mappedTo = fromOffset;
  }

  /** Up to there every record's key is noted. */
  public long mappedTo() {
    return mappedTo;
  }

  /** Whether there was no room for another key. */
  public boolean isFull() {
    return full;
  }

  /**
   * Takes the next batch; returns false if the memory is full, and then no more is to come.
   *
   * @throws io.jangada.common.JangadaException CORRUPT_MESSAGE if the records are malformed
   */
  public boolean take(RecordBatch batch) {
    if (full) {
      return false;
    }
    if (SegmentCompaction.isLeftAlone(batch)) {
      mappedTo = Math.max(mappedTo, batch.nextOffset());
      return true;
    }
    RecordCursor cursor = RecordCursor.of(batch, maxDecompressedBytes);
    while (cursor.next()) {
      if (cursor.keyLength() == RecordCursor.NO_KEY || cursor.offset() < fromOffset) {
        continue;
      }
      if (!keys.put(cursor.records(), cursor.keyAt(), cursor.keyLength(), cursor.offset())) {
        full = true;
        mappedTo = Math.max(mappedTo, cursor.offset());
        return false;
      }
    }
    mappedTo = Math.max(mappedTo, batch.nextOffset());
    return true;
  }
}
