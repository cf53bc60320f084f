// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;

/**
 * Goes through the records of one batch without an object for each: for those who look at keys and
 * copy the rest. It goes by the same rules as {@link RecordReader}, but does not look at headers.
 * Not thread-safe.
 */
public final class RecordCursor {
  /** The length of a key that is not there. */
  public static final int NO_KEY = -1;

  private final RecordBatch batch;
  private final ByteBuffer records;
  private int read;
  private int start;
  private int end;
  private int afterTimestamp;
  private long timestampDelta;
  private int offsetDelta = -1;
  private int keyAt;
  private int keyLength;
  private boolean tombstone;

  private RecordCursor(RecordBatch batch, ByteBuffer records) {
    this.batch = batch;
    this.records = records;
    this.end = records.position();
  }

  /**
   * A cursor before the first record.
   *
   * @param maxDecompressedBytes what compressed records may at most become
   * @throws JangadaException CORRUPT_MESSAGE if the records cannot be decompressed or become larger
   */
  public static RecordCursor of(RecordBatch batch, int maxDecompressedBytes) {
    Compression compression = batch.compression();
    ByteBuffer bytes = batch.recordBytes();
    return new RecordCursor(
        batch,
        compression == Compression.NONE
            ? bytes
            : Codec.of(compression).decompress(bytes, maxDecompressedBytes));
  }

  /**
   * Goes to the next record; false if there is none.
   *
   * @throws JangadaException CORRUPT_MESSAGE if it is malformed
   */
  public boolean next() {
    if (read == batch.recordCount()) {
      return false;
    }
    start = end;
    records.position(start);
    int length = Varints.readInt(records);
    if (length <= 0 || length > records.remaining()) {
      throw Corruption.of(
          "a record of at most " + records.remaining() + " bytes", "its length says " + length);
    }
    end = records.position() + length;
    records.get(); // attributes: none are defined
    timestampDelta = Varints.readLong(records);
    afterTimestamp = records.position();
    int delta = Varints.readInt(records);
    if (delta <= offsetDelta || delta > batch.lastOffsetDelta()) {
      throw Corruption.of(
          "an offset delta above " + offsetDelta + " and up to " + batch.lastOffsetDelta(),
          "it is " + delta);
    }
    offsetDelta = delta;
    keyLength = length("key");
    keyAt = records.position();
    records.position(keyAt + Math.max(0, keyLength));
    tombstone = length("value") < 0;
    read++;
    return true;
  }

  private int length(String what) {
    int length = Varints.readInt(records);
    if (length < -1 || length > end - records.position()) {
      throw Corruption.of(
          "a " + what + " of at most " + (end - records.position()) + " bytes",
          "its length says " + length);
    }
    return length;
  }

  /** What the places of the others are in: the records, decompressed. To be read only. */
  public ByteBuffer records() {
    return records;
  }

  /** The record's offset in the partition. */
  public long offset() {
    return batch.baseOffset() + offsetDelta;
  }

  /** Its timestamp in milliseconds since the epoch, whose-ever the batch says it is. */
  public long timestampMs() {
    return batch.hasLogAppendTime()
        ? batch.maxTimestampMs()
        : batch.baseTimestampMs() + timestampDelta;
  }

  /** Where its key begins. */
  public int keyAt() {
    return keyAt;
  }

  /** Bytes of its key, or {@link #NO_KEY}. */
  public int keyLength() {
    return keyLength;
  }

  /** Whether it has no value. */
  public boolean isTombstone() {
    return tombstone;
  }

  /** Where it begins, its length included. */
  int start() {
    return start;
  }

  /** Where it ends. */
  int end() {
    return end;
  }

  /** Where what comes after its timestamp begins. */
  int afterTimestamp() {
    return afterTimestamp;
  }
}
