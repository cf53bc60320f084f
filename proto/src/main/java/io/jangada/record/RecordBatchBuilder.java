// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes one record batch in format v2. Records are added while there is room, then {@link #build}
 * compresses them, sets the header and the checksum, and ends the builder's life. Offsets start at
 * 0 and the leader epoch is -1 until a leader assigns them. Not thread-safe.
 *
 * <p>The bound holds for the records as they are; records that compression would enlarge are stored
 * as they are, so that a batch never exceeds it.
 */
public final class RecordBatchBuilder {
  private static final int INITIAL_BYTES = 4 * 1024;
  private static final int ATTRIBUTES_AT = 21;
  private static final int NULL_LENGTH = -1;
  private static final int MAX_VARINT_BYTES = 5;
  private static final int MAX_VARLONG_BYTES = 10;

  private final int maxBytes;
  private final Compression compression;
  private ByteBuffer buffer;
  private int count;
  private long baseTimestampMs;
  private long maxTimestampMs;
  private boolean built;

  /**
   * An empty batch.
   *
   * @param maxBytes of the whole batch, header included
   * @throws JangadaException INVALID_REQUEST if not even the header fits
   */
  public RecordBatchBuilder(int maxBytes, Compression compression) {
    this(maxBytes, compression, INITIAL_BYTES);
  }

  /**
   * An empty batch that has the memory for its bound from the beginning: cheaper than growing where
   * it will be filled.
   *
   * @throws JangadaException INVALID_REQUEST if not even the header fits
   */
  public static RecordBatchBuilder withRoom(int maxBytes, Compression compression) {
    return new RecordBatchBuilder(maxBytes, compression, maxBytes);
  }

  private RecordBatchBuilder(int maxBytes, Compression compression, int initialBytes) {
    if (maxBytes < RecordBatch.HEADER_BYTES) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a batch bound of at least "
              + RecordBatch.HEADER_BYTES
              + " bytes, but it is "
              + maxBytes);
    }
    this.maxBytes = maxBytes;
    this.compression = compression;
    this.buffer = ByteBuffer.allocate(Math.min(maxBytes, initialBytes));
    buffer.position(RecordBatch.HEADER_BYTES);
  }

  /**
   * Bytes that a record adds to a batch, at most. A batch of {@code RecordBatch.HEADER_BYTES} plus
   * this holds the record for certain.
   */
  public static int maxSizeOf(
      byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
    return maxSizeOf(lengthOf(key), lengthOf(value), headers);
  }

  /** Bytes that a record adds to a batch, at most. */
  public static int maxSizeOf(
      @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
    return maxSizeOf(lengthOf(key), lengthOf(value), headers);
  }

  private static int maxSizeOf(int keyLength, int valueLength, List<RecordHeader> headers) {
    long size =
        2L * MAX_VARINT_BYTES
            + MAX_VARLONG_BYTES
            + 1
            + sizeOfField(keyLength)
            + sizeOfField(valueLength)
            + sizeOf(headers);
    return (int) Math.min(Integer.MAX_VALUE, size);
  }

  /**
   * Adds a record whose key and value are arrays.
   *
   * @param timestampMs milliseconds since the Unix epoch
   * @return false if there is no room, and then nothing was changed
   */
  public boolean appendBytes(
      long timestampMs,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers) {
    long delta = timestampDelta(timestampMs);
    int body = begin(delta, lengthOf(key), lengthOf(value), headers);
    if (body < 0) {
      return false;
    }
    writeHead(body, delta);
    putField(key);
    putField(value);
    finish(timestampMs, headers);
    return true;
  }

  /**
   * Adds a record.
   *
   * @param timestampMs milliseconds since the Unix epoch
   * @param key what stands between position and limit (not moved), or null
   * @param value likewise; null is a tombstone
   * @return false if there is no room, and then nothing was changed
   */
  public boolean append(
      long timestampMs,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<RecordHeader> headers) {
    long delta = timestampDelta(timestampMs);
    int body = begin(delta, lengthOf(key), lengthOf(value), headers);
    if (body < 0) {
      return false;
    }
    writeHead(body, delta);
    putField(key);
    putField(value);
    finish(timestampMs, headers);
    return true;
  }

  private long timestampDelta(long timestampMs) {
    if (built) {
      throw new IllegalStateException("the batch is built");
    }
    return count == 0 ? 0 : timestampMs - baseTimestampMs;
  }

  /** Makes room for a record; returns the bytes behind its length, or -1 if there is no room. */
  private int begin(
      long timestampDelta, int keyLength, int valueLength, List<RecordHeader> headers) {
    long body =
        1L
            + Varints.sizeOfLong(timestampDelta)
            + Varints.sizeOfInt(count)
            + sizeOfField(keyLength)
            + sizeOfField(valueLength)
            + sizeOf(headers);
    if (body > maxBytes) {
      return -1;
    }
    int needed = Varints.sizeOfInt((int) body) + (int) body;
    if (needed > maxBytes - buffer.position()) {
      return -1;
    }
    ensure(needed);
    return (int) body;
  }

  private void writeHead(int body, long timestampDelta) {
    Varints.writeInt(body, buffer);
    buffer.put((byte) 0);
    Varints.writeLong(timestampDelta, buffer);
    Varints.writeInt(count, buffer);
  }

  private void finish(long timestampMs, List<RecordHeader> headers) {
    putHeaders(headers);
    if (count == 0) {
      baseTimestampMs = timestampMs;
      maxTimestampMs = timestampMs;
    } else {
      maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
    }
    count++;
  }

  /** Records added so far. */
  public int recordCount() {
    return count;
  }

  /** Bytes of the batch so far, header included, before compression. */
  public int uncompressedBytes() {
    return buffer.position();
  }

  /** Ends the batch, without a producer's identity. */
  public RecordBatch build() {
    return build(
        RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE);
  }

  /**
   * Ends the batch as one of an idempotent producer's.
   *
   * @param baseSequence the first record's sequence number
   */
  public RecordBatch build(long producerId, short producerEpoch, int baseSequence) {
    if (built) {
      throw new IllegalStateException("the batch is built");
    }
    if (count == 0) {
      throw new IllegalStateException("a batch has at least one record");
    }
    built = true;
    Compression used = compress();
    int size = buffer.position();
    buffer
        .putLong(0, 0L)
        .putInt(8, size - RecordBatch.LOG_OVERHEAD_BYTES)
        .putInt(12, -1)
        .put(16, RecordBatch.MAGIC)
        .putShort(ATTRIBUTES_AT, (short) used.id())
        .putInt(23, count - 1)
        .putLong(27, baseTimestampMs)
        .putLong(35, maxTimestampMs)
        .putInt(57, count);
    buffer.flip();
    stampProducer(buffer, producerId, producerEpoch, baseSequence);
    return RecordBatch.at(buffer);
  }

  /**
   * A copy of a built batch under another producer identity; the records stay as they are.
   *
   * @param baseSequence the first record's sequence number
   */
  public static RecordBatch withProducer(
      RecordBatch batch, long producerId, short producerEpoch, int baseSequence) {
    ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
    copy.put(batch.bytes()).flip();
    stampProducer(copy, producerId, producerEpoch, baseSequence);
    return RecordBatch.at(copy);
  }

  private static void stampProducer(
      ByteBuffer batch, long producerId, short producerEpoch, int baseSequence) {
    batch.putLong(43, producerId).putShort(51, producerEpoch).putInt(53, baseSequence);
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(ATTRIBUTES_AT, batch.limit() - ATTRIBUTES_AT));
    batch.putInt(17, (int) crc.getValue());
  }

  /** Replaces the records by their compressed form where that is smaller. */
  private Compression compress() {
    if (compression == Compression.NONE) {
      return Compression.NONE;
    }
    int length = buffer.position() - RecordBatch.HEADER_BYTES;
    ByteBuffer compressed =
        Codec.of(compression).compress(buffer.array(), RecordBatch.HEADER_BYTES, length);
    if (compressed.remaining() >= length) {
      return Compression.NONE;
    }
    buffer.position(RecordBatch.HEADER_BYTES).put(compressed);
    return compression;
  }

  private void ensure(int needed) {
    if (buffer.remaining() >= needed) {
      return;
    }
    long wanted = Math.max(2L * buffer.capacity(), (long) buffer.position() + needed);
    ByteBuffer larger = ByteBuffer.allocate((int) Math.min(maxBytes, wanted));
    larger.put(buffer.flip());
    buffer = larger;
  }

  private void putHeaders(List<RecordHeader> headers) {
    Varints.writeInt(headers.size(), buffer);
    if (headers.isEmpty()) {
      return; // without an iterator
    }
    for (RecordHeader header : headers) {
      byte[] key = header.key().getBytes(StandardCharsets.UTF_8);
      Varints.writeInt(key.length, buffer);
      buffer.put(key);
      putField(header.value());
    }
  }

  private void putField(byte @Nullable [] field) {
    if (field == null) {
      Varints.writeInt(NULL_LENGTH, buffer);
      return;
    }
    Varints.writeInt(field.length, buffer);
    buffer.put(field);
  }

  private void putField(@Nullable ByteBuffer field) {
    if (field == null) {
      Varints.writeInt(NULL_LENGTH, buffer);
      return;
    }
    int length = field.remaining();
    Varints.writeInt(length, buffer);
    buffer.put(buffer.position(), field, field.position(), length);
    buffer.position(buffer.position() + length);
  }

  private static int lengthOf(byte @Nullable [] field) {
    return field == null ? NULL_LENGTH : field.length;
  }

  private static int lengthOf(@Nullable ByteBuffer field) {
    return field == null ? NULL_LENGTH : field.remaining();
  }

  private static long sizeOfField(int length) {
    return Varints.sizeOfInt(length) + (long) Math.max(0, length);
  }

  private static long sizeOf(List<RecordHeader> headers) {
    long size = Varints.sizeOfInt(headers.size());
    if (headers.isEmpty()) {
      return size; // without an iterator
    }
    for (RecordHeader header : headers) {
      size += sizeOfField(utf8Length(header.key())) + sizeOfField(lengthOf(header.value()));
    }
    return size;
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
