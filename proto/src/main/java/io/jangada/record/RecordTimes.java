// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Goes through the timestamps of a batch's records. Holds a block of it at a time, however large
 * the batch becomes when it is decompressed, and no keys or values. The checksum is not looked at.
 * Not thread-safe.
 */
public final class RecordTimes {
  private static final int BUFFER_BYTES = 4 * 1024;
  private static final int MAX_VARINT_BITS = 63;

  private final RecordBatch batch;
  private final InputStream records;
  private long leftBytes = RecordReader.DEFAULT_MAX_DECOMPRESSED_BYTES;

  /**
   * A record.
   *
   * @param timestampMs milliseconds since the epoch
   */
  public record OffsetAt(long offset, long timestampMs) {}

  /** Sees one record after the other. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * A record.
     *
     * @param index in the batch, from 0
     * @return whether to go on
     */
    boolean record(int index, long offset, long timestampMs);
  }

  private RecordTimes(RecordBatch batch, InputStream records) {
    this.batch = batch;
    this.records = records;
  }

  /**
   * The first record at or after a time.
   *
   * @throws JangadaException CORRUPT_MESSAGE if the records up to it cannot be decompressed, become
   *     more than {@link RecordReader#DEFAULT_MAX_DECOMPRESSED_BYTES} or are malformed
   */
  public static Optional<OffsetAt> firstAtOrAfter(RecordBatch batch, long timestampMs) {
    AtomicReference<OffsetAt> found = new AtomicReference<>();
    visit(
        batch,
        (index, offset, recordMs) -> {
          if (recordMs < timestampMs) {
            return true;
          }
          found.setPlain(new OffsetAt(offset, recordMs));
          return false;
        });
    return Optional.ofNullable(found.getPlain());
  }

  /**
   * Shows the records in their order, until the visitor has seen enough.
   *
   * @throws JangadaException as {@link #firstAtOrAfter}
   */
  public static void visit(RecordBatch batch, Visitor visitor) {
    Compression compression = batch.compression();
    try (InputStream records =
        new BufferedInputStream(
            compression == Compression.NONE
                ? new BufferSource(batch.recordBytes())
                : Codec.of(compression).open(batch.recordBytes()),
            BUFFER_BYTES)) {
      new RecordTimes(batch, records).visit(visitor);
    } catch (JangadaException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The libraries report damage by exceptions of many types, unchecked ones among them.
      throw Corruption.of("records", "they cannot be decompressed: " + e.getMessage(), e);
    }
  }

  private void visit(Visitor visitor) throws IOException {
    for (int i = 0; i < batch.recordCount(); i++) {
      long length = readVarint();
      if (length < 0 || length > leftBytes) {
        throw Corruption.of(
            "a record of at most " + leftBytes + " bytes", "its length says " + length);
      }
      long endLeft = leftBytes - length;
      readByte(); // attributes: none are defined
      long recordMs = batch.baseTimestampMs() + readVarint();
      long offset = batch.baseOffset() + readVarint();
      if (batch.hasLogAppendTime()) {
        recordMs = batch.maxTimestampMs();
      }
      if (!visitor.record(i, offset, recordMs)) {
        return;
      }
      if (leftBytes < endLeft) {
        throw Corruption.of("a record with timestamp and offset", "it has " + length + " bytes");
      }
      records.skipNBytes(leftBytes - endLeft);
      leftBytes = endLeft;
    }
  }

  private long readVarint() throws IOException {
    long zigzag = 0;
    for (int shift = 0; shift <= MAX_VARINT_BITS; shift += 7) {
      int next = readByte();
      zigzag |= (next & 0x7fL) << shift;
      if ((next & 0x80) == 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw Corruption.of("a number of at most 64 bits", "it is longer");
  }

  private int readByte() throws IOException {
    int next = records.read();
    if (next < 0 || leftBytes == 0) {
      throw Corruption.of("another record", "the records end");
    }
    leftBytes--;
    return next;
  }
}
