// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * How an entry lies in a group: length of what follows int32, type int8, number int64, topic id 16
 * bytes, partition int32, and then the topic's name, the batches, an offset, or nothing.
 */
final class EntryFormat {
  private static final int HEAD_BYTES = 33;
  private static final byte CREATED = 1;
  private static final byte BATCHES = 2;
  private static final byte TRUNCATED = 3;
  private static final byte RESET = 4;
  private static final byte LOG_START = 5;
  private static final byte REMOVED = 6;

  private EntryFormat() {}

  /** Bytes that the entry takes. */
  static long sizeInBytes(JournalEntry entry) {
    return HEAD_BYTES
        + switch (entry) {
          case JournalEntry.Created created -> utf8(created.topic()).length;
          case JournalEntry.Batches batches -> sizeInBytes(batches);
          case JournalEntry.Truncated _, JournalEntry.Reset _, JournalEntry.LogStart _ ->
              Long.BYTES;
          case JournalEntry.Removed _ -> 0L;
        };
  }

  private static long sizeInBytes(JournalEntry.Batches entry) {
    long bytes = 0;
    for (RecordBatch batch : entry.batches()) {
      bytes += batch.sizeInBytes();
    }
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the entry at the buffer's position. */
  static void write(ByteBuffer into, long number, JournalEntry entry) {
    int start = into.position();
    into.position(start + Integer.BYTES);
    into.put(type(entry)).putLong(number);
    UUID topicId = entry.log().topicId();
    into.putLong(topicId.getMostSignificantBits()).putLong(topicId.getLeastSignificantBits());
    into.putInt(entry.log().partition());
    switch (entry) {
      case JournalEntry.Created created -> into.put(utf8(created.topic()));
      case JournalEntry.Batches batches -> {
        for (RecordBatch batch : batches.batches()) {
          into.put(batch.bytes());
        }
      }
      case JournalEntry.Truncated truncated -> into.putLong(truncated.toOffset());
      case JournalEntry.Reset reset -> into.putLong(reset.offset());
      case JournalEntry.LogStart logStart -> into.putLong(logStart.offset());
      case JournalEntry.Removed _ -> {
        // nothing but the head
      }
    }
    into.putInt(start, into.position() - start - Integer.BYTES);
  }

  private static byte type(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.Created _ -> CREATED;
      case JournalEntry.Batches _ -> BATCHES;
      case JournalEntry.Truncated _ -> TRUNCATED;
      case JournalEntry.Reset _ -> RESET;
      case JournalEntry.LogStart _ -> LOG_START;
      case JournalEntry.Removed _ -> REMOVED;
    };
  }

  /** Whether the body consists of so many entries, all of them understood. */
  static boolean isWellFormed(ByteBuffer body, int entries) {
    int at = 0;
    for (int i = 0; i < entries; i++) {
      if (body.limit() - at < HEAD_BYTES) {
        return false;
      }
      int bytes = body.getInt(at) + Integer.BYTES;
      byte type = body.get(at + Integer.BYTES);
      boolean fits =
          switch (type) {
            case CREATED, BATCHES -> bytes >= HEAD_BYTES;
            case TRUNCATED, RESET, LOG_START -> bytes == HEAD_BYTES + Long.BYTES;
            case REMOVED -> bytes == HEAD_BYTES;
            default -> false;
          };
      if (!fits || bytes > body.limit() - at) {
        return false;
      }
      at += bytes;
    }
    return at == body.limit();
  }

  /** Shows the visitor the entries of a well-formed body. */
  static void visit(ByteBuffer body, int entries, JournalVisitor visitor) throws IOException {
    int at = 0;
    for (int i = 0; i < entries; i++) {
      int bytes = body.getInt(at) + Integer.BYTES;
      visit(body.slice(at + Integer.BYTES, bytes - Integer.BYTES), visitor);
      at += bytes;
    }
  }

  private static void visit(ByteBuffer entry, JournalVisitor visitor) throws IOException {
    byte type = entry.get();
    long number = entry.getLong();
    TopicIdPartition log =
        new TopicIdPartition(new UUID(entry.getLong(), entry.getLong()), entry.getInt());
    switch (type) {
      case CREATED -> visitor.created(number, log, StandardCharsets.UTF_8.decode(entry).toString());
      case BATCHES -> visitor.batches(number, log, entry.slice());
      case TRUNCATED -> visitor.truncated(number, log, entry.getLong());
      case RESET -> visitor.reset(number, log, entry.getLong());
      case LOG_START -> visitor.logStart(number, log, entry.getLong());
      case REMOVED -> visitor.removed(number, log);
      default -> throw new IOException("an entry of unknown type " + type);
    }
  }
}
