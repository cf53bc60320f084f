// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One record batch in format v2, viewed in place: the 61-byte header and the records behind it.
 *
 * <pre>
 *  0 baseOffset int64         | 23 lastOffsetDelta int32  | 51 producerEpoch int16
 *  8 batchLength int32        | 27 baseTimestamp int64    | 53 baseSequence int32
 * 12 partitionLeaderEpoch int32 35 maxTimestamp int64     | 57 recordCount int32
 * 16 magic int8               | 43 producerId int64       | 61 records…
 * 17 crc uint32 (CRC32C of all from byte 21)
 * 21 attributes int16: compression 0-2, timestamp type 3, transactional 4, control 5,
 *    delete horizon 6 (the base timestamp is the time from which on tombstones may go, KIP-534)
 * </pre>
 *
 * <p>A batch as a producer sends it has a record at each of its offsets. Log compaction takes
 * records out and leaves the first and the last offset as they were, so that a batch in a log may
 * have fewer, or none.
 *
 * <p>The base offset and the leader epoch stand outside the checksum, so that the leader can assign
 * them without computing it again. Not thread-safe while they are being assigned; otherwise a view
 * may be shared, because only absolute reads are used.
 */
public final class RecordBatch {
  /** Bytes before {@code batchLength} starts to count: base offset and the length itself. */
  public static final int LOG_OVERHEAD_BYTES = 12;

  /** Bytes of a batch without records. */
  public static final int HEADER_BYTES = 61;

  /** The only format version there is here. */
  public static final byte MAGIC = 2;

  /** Stands for "none" in the producer fields. */
  public static final long NO_PRODUCER_ID = -1;

  /** Stands for "none" in the producer fields. */
  public static final short NO_PRODUCER_EPOCH = -1;

  /** Stands for "none" in the producer fields. */
  public static final int NO_SEQUENCE = -1;

  /** Stands for "none" where there may be a time. */
  public static final long NO_TIMESTAMP = -1;

  private static final int LENGTH_AT = 8;
  private static final int LEADER_EPOCH_AT = 12;
  private static final int MAGIC_AT = 16;
  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int BASE_TIMESTAMP_AT = 27;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final int PRODUCER_ID_AT = 43;
  private static final int PRODUCER_EPOCH_AT = 51;
  private static final int BASE_SEQUENCE_AT = 53;
  private static final int RECORD_COUNT_AT = 57;

  static final int COMPRESSION_MASK = 0x07;
  private static final int TIMESTAMP_TYPE_MASK = 0x08;
  private static final int TRANSACTIONAL_MASK = 0x10;
  private static final int CONTROL_MASK = 0x20;
  static final int DELETE_HORIZON_MASK = 0x40;

  private final ByteBuffer buffer;
  private final int start;

  private RecordBatch(ByteBuffer buffer, int start) {
    this.buffer = buffer;
    this.start = start;
  }

  /**
   * The batch that begins at the buffer's position. Neither position nor content is changed, and
   * the content is not copied.
   *
   * @throws JangadaException {@link ErrorCode#CORRUPT_MESSAGE} if no whole batch of magic 2 is
   *     there; checksum and records are not looked at
   */
  public static RecordBatch at(ByteBuffer buffer) {
    int available = buffer.remaining();
    if (available < HEADER_BYTES) {
      throw corrupt("at least " + HEADER_BYTES + " bytes", available + " are there");
    }
    RecordBatch batch = new RecordBatch(buffer, buffer.position());
    int length = buffer.getInt(batch.start + LENGTH_AT);
    if (length < HEADER_BYTES - LOG_OVERHEAD_BYTES || length > available - LOG_OVERHEAD_BYTES) {
      throw corrupt(
          "a batch length between "
              + (HEADER_BYTES - LOG_OVERHEAD_BYTES)
              + " and "
              + (available - LOG_OVERHEAD_BYTES),
          "it is " + length);
    }
    byte magic = buffer.get(batch.start + MAGIC_AT);
    if (magic != MAGIC) {
      throw corrupt("magic " + MAGIC, "it is " + magic);
    }
    return batch;
  }

  /**
   * A batch without records that stands for offsets of which compaction has left nothing.
   *
   * @param maxTimestampMs the largest of what was there
   */
  public static RecordBatch vacant(
      long baseOffset, long lastOffset, int leaderEpoch, long maxTimestampMs) {
    ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES);
    buffer
        .putLong(baseOffset)
        .putInt(HEADER_BYTES - LOG_OVERHEAD_BYTES)
        .putInt(leaderEpoch)
        .put(MAGIC)
        .putInt(0)
        .putShort((short) 0)
        .putInt(Math.toIntExact(lastOffset - baseOffset))
        .putLong(maxTimestampMs)
        .putLong(maxTimestampMs)
        .putLong(NO_PRODUCER_ID)
        .putShort(NO_PRODUCER_EPOCH)
        .putInt(NO_SEQUENCE)
        .putInt(0)
        .flip();
    return sealed(buffer);
  }

  /**
   * The part of a batch without records and without a producer that begins at the offset, where
   * another replica's log may go on.
   */
  public RecordBatch vacantFrom(long offset) {
    return vacant(offset, lastOffset(), partitionLeaderEpoch(), maxTimestampMs());
  }

  /** Whether it has no records and nothing is known of who wrote those that were there. */
  public boolean isVacant() {
    return recordCount() == 0 && producerId() == NO_PRODUCER_ID && !isControl();
  }

  /** Sets the checksum of the batch that fills the buffer. */
  static RecordBatch sealed(ByteBuffer buffer) {
    RecordBatch batch = new RecordBatch(buffer, buffer.position());
    buffer.putInt(batch.start + CRC_AT, batch.computeCrc());
    return batch;
  }

  /**
   * As {@link #validate}, and that it has a record at each offset, as producers send it.
   *
   * @throws JangadaException {@link ErrorCode#CORRUPT_MESSAGE} saying what is wrong
   */
  public void validateProduced() {
    validate();
    if (!isControl() && recordCount() != lastOffsetDelta() + 1) {
      throw corrupt(
          "a record count of last offset delta + 1",
          "there are " + recordCount() + " records and the delta is " + lastOffsetDelta());
    }
    if (hasDeleteHorizon()) {
      throw corrupt("records that were never compacted", "it has a delete horizon");
    }
  }

  /**
   * Checks everything that can be checked without decompressing: the checksum and that the header's
   * counts agree with each other.
   *
   * @throws JangadaException {@link ErrorCode#CORRUPT_MESSAGE} saying what is wrong
   */
  public void validate() {
    int computed = computeCrc();
    int stored = buffer.getInt(start + CRC_AT);
    if (computed != stored) {
      throw corrupt(
          "CRC32C " + Integer.toHexString(stored),
          "the content's is " + Integer.toHexString(computed));
    }
    int count = recordCount();
    if (count < 0 || lastOffsetDelta() < 0 || (!isControl() && count - 1 > lastOffsetDelta())) {
      throw corrupt(
          "a record count of at most last offset delta + 1",
          "there are " + count + " records and the delta is " + lastOffsetDelta());
    }
    if (Compression.ofId(attributes() & COMPRESSION_MASK).isEmpty()) {
      throw corrupt("a known compression", "it is " + (attributes() & COMPRESSION_MASK));
    }
  }

  /** Offset of the first record. */
  public long baseOffset() {
    return buffer.getLong(start);
  }

  /** Offset of the last record. */
  public long lastOffset() {
    return baseOffset() + lastOffsetDelta();
  }

  /** The offset after the last record. */
  public long nextOffset() {
    return lastOffset() + 1;
  }

  /** Bytes of the whole batch, header included. */
  public int sizeInBytes() {
    return LOG_OVERHEAD_BYTES + buffer.getInt(start + LENGTH_AT);
  }

  /** The leader epoch under which the batch was appended; -1 before that. */
  public int partitionLeaderEpoch() {
    return buffer.getInt(start + LEADER_EPOCH_AT);
  }

  /** Difference between the last record's offset and the first's. */
  public int lastOffsetDelta() {
    return buffer.getInt(start + LAST_OFFSET_DELTA_AT);
  }

  /**
   * Milliseconds since the epoch, of the first record, or the delete horizon: what the records'
   * timestamps are relative to.
   */
  public long baseTimestampMs() {
    return buffer.getLong(start + BASE_TIMESTAMP_AT);
  }

  /** Milliseconds since the epoch, the largest in the batch. */
  public long maxTimestampMs() {
    return buffer.getLong(start + MAX_TIMESTAMP_AT);
  }

  /** The idempotent producer's id, or {@link #NO_PRODUCER_ID}. */
  public long producerId() {
    return buffer.getLong(start + PRODUCER_ID_AT);
  }

  /** The producer's epoch, or {@link #NO_PRODUCER_EPOCH}. */
  public short producerEpoch() {
    return buffer.getShort(start + PRODUCER_EPOCH_AT);
  }

  /** Sequence number of the first record, or {@link #NO_SEQUENCE}. */
  public int baseSequence() {
    return buffer.getInt(start + BASE_SEQUENCE_AT);
  }

  /** Sequence number of the last record; sequences wrap from the largest int to 0. */
  public int lastSequence() {
    int base = baseSequence();
    return base == NO_SEQUENCE ? NO_SEQUENCE : (base + lastOffsetDelta()) & Integer.MAX_VALUE;
  }

  /** Number of records. */
  public int recordCount() {
    return buffer.getInt(start + RECORD_COUNT_AT);
  }

  /** How the records are compressed. */
  public Compression compression() {
    return Compression.ofId(attributes() & COMPRESSION_MASK)
        .orElseThrow(
            () -> corrupt("a known compression", "it is " + (attributes() & COMPRESSION_MASK)));
  }

  /** True if the timestamps are the broker's (LogAppendTime), false if the producer's. */
  public boolean hasLogAppendTime() {
    return (attributes() & TIMESTAMP_TYPE_MASK) != 0;
  }

  /** The time that the broker gave the records, or -1 if they have the producer's. */
  public long appendTimeMs() {
    return hasLogAppendTime() ? maxTimestampMs() : NO_TIMESTAMP;
  }

  /** True if the batch is part of a transaction. */
  public boolean isTransactional() {
    return (attributes() & TRANSACTIONAL_MASK) != 0;
  }

  /** True for batches that carry markers, not a user's records. */
  public boolean isControl() {
    return (attributes() & CONTROL_MASK) != 0;
  }

  /** True if {@link #baseTimestampMs} is the time from which on the batch's tombstones may go. */
  public boolean hasDeleteHorizon() {
    return (attributes() & DELETE_HORIZON_MASK) != 0;
  }

  /**
   * Writes the offset of the first record and the leader epoch into the header; neither is covered
   * by the checksum.
   */
  public void assign(long baseOffset, int leaderEpoch) {
    buffer.putLong(start, baseOffset);
    buffer.putInt(start + LEADER_EPOCH_AT, leaderEpoch);
  }

  /**
   * Makes the broker's time the time of every record, by the header alone: the records' own deltas
   * stay, and readers do not look at them. The checksum is computed anew.
   */
  public void stampAppendTime(long timestampMs) {
    buffer.putShort(start + ATTRIBUTES_AT, (short) (attributes() | TIMESTAMP_TYPE_MASK));
    buffer.putLong(start + MAX_TIMESTAMP_AT, timestampMs);
    buffer.putInt(start + CRC_AT, computeCrc());
  }

  /** Makes the records' own times count again; the checksum is computed anew. */
  public void clearAppendTime() {
    buffer.putShort(start + ATTRIBUTES_AT, (short) (attributes() & ~TIMESTAMP_TYPE_MASK));
    buffer.putInt(start + CRC_AT, computeCrc());
  }

  /** The bytes of the whole batch, sharing this view's memory. */
  public ByteBuffer bytes() {
    return buffer.slice(start, sizeInBytes());
  }

  /** The records' bytes behind the header, compressed as {@link #compression} says; shared. */
  public ByteBuffer recordBytes() {
    return buffer.slice(start + HEADER_BYTES, sizeInBytes() - HEADER_BYTES);
  }

  @Override
  public String toString() {
    return "batch["
        + baseOffset()
        + ".."
        + lastOffset()
        + " epoch="
        + partitionLeaderEpoch()
        + " bytes="
        + sizeInBytes()
        + "]";
  }

  private int attributes() {
    return buffer.getShort(start + ATTRIBUTES_AT);
  }

  private int computeCrc() {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(start + ATTRIBUTES_AT, sizeInBytes() - ATTRIBUTES_AT));
    return (int) crc.getValue();
  }

  private static JangadaException corrupt(String expected, String but) {
    return new JangadaException(
        ErrorCode.CORRUPT_MESSAGE,
        "expected a record batch with " + expected + ", but " + but,
        "send the batch again; if it persists, the sender or the network damages data");
  }
}
