// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.log.Durability;
import io.jangada.replication.log.LogCheckpoint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How the manifest looks in its file; all numbers big-endian.
 *
 * <pre>
 * header        0 magic "JMAN" | 4 version int16 | 6 directory UUID | 22 CRC32C of bytes 0 to 21
 * transaction   0 length of the body int32 | 4 sequence int64 | 12 CRC32C of length, sequence, body
 *               16 body: entries
 * entry         kind int8 (1 put, 2 removed, 3 damaged, 4 journal, 5 put with compacted segments);
 *               journal: incarnation int64, number int64; all others: topic id | partition int32;
 *               damaged: length int16, reason; put:
 *               length int16, topic name | number int64 | end offset int64
 *               last batch position int32 | log start int64 | high watermark int64
 *               durability int8 (0 fsync, 1 memory)
 *               count int32, (epoch int32, start offset int64)…
 *               count int32, (base offset int64, size int32, largest timestamp int64,
 *               checksum of the first batch int32; only in kind 5: generation int32,
 *               compacted int8)…
 *               length int32, producers
 * </pre>
 */
final class ManifestCodec {
  static final int HEADER_BYTES = 26;
  static final int TRANSACTION_OVERHEAD_BYTES = 16;
  static final int MAX_BODY_BYTES = 1 << 30;
  private static final int MAGIC = 0x4A4D414E;
  private static final short VERSION = 2;
  private static final int BODY_CRC_AT = 12;
  private static final byte PUT = 1;
  private static final byte REMOVED = 2;
  private static final byte DAMAGED = 3;
  private static final byte JOURNAL = 4;
  private static final byte PUT_COMPACTED = 5;
  private static final int MAX_REASON_BYTES = 4096;
  private static final byte FSYNC = 0;
  private static final byte MEMORY = 1;
  private static final int EPOCH_BYTES = 12;
  private static final int SEGMENT_BYTES = 24;
  private static final int COMPACTED_BYTES = 5;
  private static final int KEY_BYTES = 21;
  private static final int FIXED_BYTES = 51;

  private ManifestCodec() {}

  // ---- header

  static ByteBuffer header(UUID directoryId) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putShort(VERSION);
    header.putLong(directoryId.getMostSignificantBits());
    header.putLong(directoryId.getLeastSignificantBits());
    header.putInt(crc(header, 0, header.position()));
    return header.flip();
  }

  /** What is wrong with the header; empty if nothing is. */
  static String problemOfHeader(ByteBuffer content, UUID directoryId) {
    if (content.remaining() < HEADER_BYTES) {
      return "expected a header, but the file has " + content.remaining() + " bytes";
    }
    int crcAt = HEADER_BYTES - Integer.BYTES;
    if (content.getInt(0) != MAGIC || content.getInt(crcAt) != crc(content, 0, crcAt)) {
      return "expected a manifest's header, but it is damaged or something else";
    }
    short version = content.getShort(Integer.BYTES);
    if (version != VERSION) {
      return "expected version " + VERSION + ", but it has " + version;
    }
    int idAt = Integer.BYTES + Short.BYTES;
    UUID found = new UUID(content.getLong(idAt), content.getLong(idAt + Long.BYTES));
    return found.equals(directoryId)
        ? ""
        : "expected the manifest of directory " + directoryId + ", but it is of " + found;
  }

  // ---- transactions

  static ByteBuffer transaction(long sequence, List<byte[]> entries) {
    int length = 0;
    for (byte[] entry : entries) {
      length = Math.addExact(length, entry.length);
    }
    ByteBuffer transaction = ByteBuffer.allocate(TRANSACTION_OVERHEAD_BYTES + length);
    transaction.putInt(length).putLong(sequence).putInt(0);
    entries.forEach(transaction::put);
    transaction.putInt(BODY_CRC_AT, transactionCrc(transaction, 0, length));
    return transaction.flip();
  }

  /** The length of the sound transaction's body, or -1 if there is none at the position. */
  static int soundBodyBytes(ByteBuffer content, int at, long sequence) {
    if (content.limit() - at < TRANSACTION_OVERHEAD_BYTES) {
      return -1;
    }
    int length = content.getInt(at);
    return length >= 0
            && length <= content.limit() - at - TRANSACTION_OVERHEAD_BYTES
            && content.getLong(at + Integer.BYTES) == sequence
            && content.getInt(at + BODY_CRC_AT) == transactionCrc(content, at, length)
        ? length
        : -1;
  }

  private static int transactionCrc(ByteBuffer content, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(content.duplicate().limit(at + BODY_CRC_AT).position(at));
    int body = at + TRANSACTION_OVERHEAD_BYTES;
    crc.update(content.duplicate().limit(body + length).position(body));
    return (int) crc.getValue();
  }

  private static int crc(ByteBuffer content, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(content.duplicate().limit(to).position(from));
    return (int) crc.getValue();
  }

  // ---- entries

  static byte[] removal(TopicIdPartition partition) {
    ByteBuffer buffer = ByteBuffer.allocate(KEY_BYTES);
    putKey(buffer, REMOVED, partition);
    return buffer.array();
  }

  static byte[] journal(JournalMark mark) {
    ByteBuffer buffer = ByteBuffer.allocate(1 + 2 * Long.BYTES);
    return buffer.put(JOURNAL).putLong(mark.incarnation()).putLong(mark.number()).array();
  }

  static byte[] damaged(TopicIdPartition partition, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_REASON_BYTES);
    ByteBuffer buffer = ByteBuffer.allocate(KEY_BYTES + Short.BYTES + length);
    putKey(buffer, DAMAGED, partition);
    return buffer.putShort((short) length).put(text, 0, length).array();
  }

  static byte[] encode(ManifestEntry entry) {
    byte[] name = entry.topicName().getBytes(StandardCharsets.UTF_8);
    LogCheckpoint state = entry.checkpoint();
    LeaderEpochHistory epochs = state.epochs();
    // Only where there is need, so that a version that does not compact reads all others.
    boolean compacted =
        state.segments().stream().anyMatch(each -> each.generation() > 0 || each.compacted());
    int segmentBytes = compacted ? SEGMENT_BYTES + COMPACTED_BYTES : SEGMENT_BYTES;
    ByteBuffer buffer =
        ByteBuffer.allocate(
            KEY_BYTES
                + FIXED_BYTES
                + name.length
                + epochs.size() * EPOCH_BYTES
                + state.segments().size() * segmentBytes
                + state.producers().remaining());
    putKey(buffer, compacted ? PUT_COMPACTED : PUT, entry.partition());
    buffer.putShort((short) name.length).put(name);
    buffer.putLong(state.number()).putLong(state.endOffset());
    buffer.putInt(state.lastBatchPosition());
    buffer.putLong(state.logStartOffset()).putLong(state.highWatermark());
    buffer.put(state.durability() == Durability.MEMORY ? MEMORY : FSYNC);
    buffer.putInt(epochs.size());
    for (int i = 0; i < epochs.size(); i++) {
      buffer.putInt(epochs.epochAt(i)).putLong(epochs.startOffsetAt(i));
    }
    buffer.putInt(state.segments().size());
    for (LogCheckpoint.Segment segment : state.segments()) {
      buffer.putLong(segment.baseOffset()).putInt(segment.sizeBytes());
      buffer.putLong(segment.maxTimestampMs()).putInt(segment.firstCrc());
      if (compacted) {
        buffer.putInt(segment.generation()).put((byte) (segment.compacted() ? 1 : 0));
      }
    }
    buffer.putInt(state.producers().remaining()).put(state.producers().duplicate());
    return buffer.array();
  }

  private static void putKey(ByteBuffer buffer, byte kind, TopicIdPartition partition) {
    buffer.put(kind);
    buffer.putLong(partition.topicId().getMostSignificantBits());
    buffer.putLong(partition.topicId().getLeastSignificantBits());
    buffer.putInt(partition.partition());
  }

  /**
   * Applies the entries of a transaction whose checksum is right.
   *
   * @throws IllegalArgumentException if the content makes no sense all the same: it was written by
   *     a version that this one does not know, or by a defect
   */
  static void apply(ByteBuffer body, ManifestContent.Builder content) {
    try {
      while (body.hasRemaining()) {
        byte kind = body.get();
        if (kind == JOURNAL) {
          content.journal = new JournalMark(body.getLong(), body.getLong());
          continue;
        }
        TopicIdPartition partition =
            new TopicIdPartition(new UUID(body.getLong(), body.getLong()), body.getInt());
        switch (kind) {
          case PUT, PUT_COMPACTED -> {
            content.entries.put(partition, decode(partition, body, kind == PUT_COMPACTED));
            content.damaged.remove(partition);
          }
          case REMOVED -> {
            content.entries.remove(partition);
            content.damaged.remove(partition);
          }
          case DAMAGED -> content.damaged.put(partition, text(body));
          default ->
              throw new IllegalArgumentException("expected an entry, but its kind is " + kind);
        }
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("expected whole entries, but the last one is cut", e);
    }
  }

  private static String text(ByteBuffer body) {
    byte[] text = new byte[body.getShort()];
    body.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static ManifestEntry decode(
      TopicIdPartition partition, ByteBuffer body, boolean compacted) {
    String name = text(body);
    long number = body.getLong();
    long endOffset = body.getLong();
    int lastBatchPosition = body.getInt();
    long logStartOffset = body.getLong();
    long highWatermark = body.getLong();
    Durability durability = body.get() == MEMORY ? Durability.MEMORY : Durability.FSYNC;
    LeaderEpochHistory epochs = new LeaderEpochHistory();
    for (int left = body.getInt(); left > 0; left--) {
      epochs.append(body.getInt(), body.getLong());
    }
    List<LogCheckpoint.Segment> segments = new ArrayList<>();
    for (int left = body.getInt(); left > 0; left--) {
      segments.add(
          new LogCheckpoint.Segment(
              body.getLong(),
              body.getInt(),
              body.getLong(),
              body.getInt(),
              compacted ? body.getInt() : 0,
              compacted && body.get() != 0));
    }
    byte[] producers = new byte[body.getInt()];
    body.get(producers);
    return new ManifestEntry(
        partition,
        name,
        new LogCheckpoint(
            number,
            endOffset,
            lastBatchPosition,
            segments,
            logStartOffset,
            highWatermark,
            epochs,
            durability,
            ByteBuffer.wrap(producers)));
  }
}
