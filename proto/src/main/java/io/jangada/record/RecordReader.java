// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the records of one batch. Whatever the bytes are, the only failure is a {@link
 * JangadaException} with CORRUPT_MESSAGE, from {@link #of} or from {@link #next}; and memory beyond
 * the batch is bounded by what the caller allows records to be decompressed to. The checksum is not
 * looked at: call {@link RecordBatch#validate} first where the bytes come from outside. Not
 * thread-safe.
 */
public final class RecordReader implements Iterator<DecodedRecord> {
  /**
   * What a batch may be decompressed to where the caller has no limit of its own: far above any
   * honest batch, far below what would hurt.
   */
  public static final int DEFAULT_MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

  private static final int MIN_HEADER_BYTES = 2;

  private final RecordBatch batch;
  private final ByteBuffer records;
  private int read;
  private int lastOffsetDelta = -1;

  private RecordReader(RecordBatch batch, ByteBuffer records) {
    this.batch = batch;
    this.records = records;
  }

  /** A reader that allows {@link #DEFAULT_MAX_DECOMPRESSED_BYTES}. */
  public static RecordReader of(RecordBatch batch) {
    return of(batch, DEFAULT_MAX_DECOMPRESSED_BYTES);
  }

  /**
   * A reader at the first record of a batch.
   *
   * @param maxDecompressedBytes what compressed records may at most become
   * @throws JangadaException CORRUPT_MESSAGE if the records cannot be decompressed or become larger
   */
  public static RecordReader of(RecordBatch batch, int maxDecompressedBytes) {
    Compression compression = batch.compression();
    ByteBuffer bytes = batch.recordBytes();
    ByteBuffer records =
        compression == Compression.NONE
            ? bytes
            : Codec.of(compression).decompress(bytes, maxDecompressedBytes);
    return new RecordReader(batch, records.asReadOnlyBuffer());
  }

  @Override
  public boolean hasNext() {
    return read < batch.recordCount();
  }

  /**
   * The next record.
   *
   * @throws JangadaException CORRUPT_MESSAGE if it is malformed; the reader is of no use afterwards
   */
  @Override
  public DecodedRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the batch has no more records");
    }
    int length = Varints.readInt(records);
    if (length < 0 || length > records.remaining()) {
      throw Corruption.of(
          "a record of at most " + records.remaining() + " bytes", "its length says " + length);
    }
    int end = records.position() + length;
    DecodedRecord record = readBody(records.slice(records.position(), length));
    records.position(end);
    read++;
    if (!hasNext() && records.hasRemaining()) {
      throw Corruption.of(
          "nothing behind the last record", records.remaining() + " bytes are there");
    }
    return record;
  }

  private DecodedRecord readBody(ByteBuffer body) {
    if (!body.hasRemaining()) {
      throw Corruption.of("a record's attributes", "the record is empty");
    }
    body.get(); // attributes: none are defined
    long timestampMs = batch.baseTimestampMs() + Varints.readLong(body);
    int offsetDelta = Varints.readInt(body);
    if (offsetDelta <= lastOffsetDelta || offsetDelta > batch.lastOffsetDelta()) {
      throw Corruption.of(
          "an offset delta above " + lastOffsetDelta + " and up to " + batch.lastOffsetDelta(),
          "it is " + offsetDelta);
    }
    lastOffsetDelta = offsetDelta;
    ByteBuffer key = readNullable(body, "key");
    ByteBuffer value = readNullable(body, "value");
    List<RecordHeader> headers = readHeaders(body);
    if (body.hasRemaining()) {
      throw Corruption.of(
          "a record to end with its headers", body.remaining() + " more bytes are there");
    }
    return new DecodedRecord(
        batch.baseOffset() + offsetDelta,
        batch.hasLogAppendTime() ? batch.maxTimestampMs() : timestampMs,
        sequenceAt(offsetDelta),
        key,
        value,
        headers);
  }

  private int sequenceAt(int offsetDelta) {
    int base = batch.baseSequence();
    return base == RecordBatch.NO_SEQUENCE
        ? RecordBatch.NO_SEQUENCE
        : (base + offsetDelta) & Integer.MAX_VALUE;
  }

  private static List<RecordHeader> readHeaders(ByteBuffer body) {
    int count = Varints.readInt(body);
    if (count == 0) {
      return List.of();
    }
    if (count < 0 || count > body.remaining() / MIN_HEADER_BYTES) {
      throw Corruption.of(
          "as many headers as " + body.remaining() + " bytes hold", "there are " + count);
    }
    List<RecordHeader> headers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ByteBuffer key = readNullable(body, "header key");
      if (key == null) {
        throw Corruption.of("a header key", "it is null");
      }
      headers.add(
          new RecordHeader(
              StandardCharsets.UTF_8.decode(key).toString(), readNullable(body, "header value")));
    }
    return List.copyOf(headers);
  }

  private static @Nullable ByteBuffer readNullable(ByteBuffer body, String what) {
    int length = Varints.readInt(body);
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > body.remaining()) {
      throw Corruption.of(
          "a " + what + " of at most " + body.remaining() + " bytes", "its length says " + length);
    }
    ByteBuffer field = body.slice(body.position(), length);
    body.position(body.position() + length);
    return field;
  }
}
