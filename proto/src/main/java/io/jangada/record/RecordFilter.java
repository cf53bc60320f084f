// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes records out of a batch, as log compaction does. What is left keeps its offsets, its
 * timestamps and its bytes; first and last offset, producer and sequence stay as well. Not
 * thread-safe, so that it can use its memory again.
 */
public final class RecordFilter {
  /** Stands for "none" where a delete horizon is asked for. */
  public static final long NO_HORIZON = -1;

  private static final int INITIAL_RANGES = 64;
  private static final int MAX_VARLONG_BYTES = 10;

  private final int maxDecompressedBytes;

  /** Start, end and place after the timestamp of each record that is kept. */
  private int[] starts = new int[INITIAL_RANGES];

  private int[] ends = new int[INITIAL_RANGES];
  private int[] rests = new int[INITIAL_RANGES];
  private long[] timestampsMs = new long[INITIAL_RANGES];
  private int kept;
  private boolean keepsTombstone;
  private long maxTimestampMs;

  /** A filter that allows records to be decompressed to so much. */
  public RecordFilter(int maxDecompressedBytes) {
    this.maxDecompressedBytes = maxDecompressedBytes;
  }

  /** Says which records stay. */
  @FunctionalInterface
  public interface Rule {
    /** Whether the record under the cursor stays; the cursor must not be moved. */
    boolean keeps(RecordCursor record);
  }

  /**
   * The batch with the records that stay: itself if nothing changes, one without records if none
   * does.
   *
   * @param batch valid
   * @param horizonMs the time to be noted from which on the tombstones that stay may go, if there
   *     are any and none is noted yet; or {@link #NO_HORIZON}
   * @throws JangadaException CORRUPT_MESSAGE if the records are malformed
   */
  public RecordBatch filter(RecordBatch batch, Rule rule, long horizonMs) {
    RecordCursor cursor = RecordCursor.of(batch, maxDecompressedBytes);
    select(cursor, rule);
    if (kept == 0) {
      return batch.recordCount() == 0 ? batch : emptied(batch);
    }
    boolean notesHorizon = horizonMs != NO_HORIZON && keepsTombstone && !batch.hasDeleteHorizon();
    if (kept == batch.recordCount() && !notesHorizon) {
      return batch;
    }
    ByteBuffer uncompressed =
        notesHorizon ? relativeTo(horizonMs, cursor.records()) : copies(cursor.records());
    ByteBuffer whole = compressed(batch, uncompressed);
    if (notesHorizon) {
      whole
          .putShort(21, (short) (whole.getShort(21) | RecordBatch.DELETE_HORIZON_MASK))
          .putLong(27, horizonMs);
    }
    whole.putInt(57, kept);
    if (!batch.hasLogAppendTime()) {
      whole.putLong(35, maxTimestampMs);
    }
    return RecordBatch.sealed(whole);
  }

  /** What is left of a batch whose records all go: its offsets, its producer and its sequence. */
  public static RecordBatch emptied(RecordBatch batch) {
    ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
    header.put(batch.bytes().limit(RecordBatch.HEADER_BYTES)).flip();
    int flags =
        header.getShort(21) & ~(RecordBatch.COMPRESSION_MASK | RecordBatch.DELETE_HORIZON_MASK);
    header
        .putInt(8, RecordBatch.HEADER_BYTES - RecordBatch.LOG_OVERHEAD_BYTES)
        .putShort(21, (short) flags)
        .putLong(27, batch.maxTimestampMs())
        .putInt(57, 0);
    return RecordBatch.sealed(header);
  }

  private void select(RecordCursor cursor, Rule rule) {
    kept = 0;
    keepsTombstone = false;
    maxTimestampMs = Long.MIN_VALUE;
    while (cursor.next()) {
      if (!rule.keeps(cursor)) {
        continue;
      }
      if (kept == starts.length) {
        int capacity = kept * 2;
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
        rests = Arrays.copyOf(rests, capacity);
        timestampsMs = Arrays.copyOf(timestampsMs, capacity);
      }
      starts[kept] = cursor.start();
      ends[kept] = cursor.end();
      rests[kept] = cursor.afterTimestamp();
      timestampsMs[kept] = cursor.timestampMs();
      maxTimestampMs = Math.max(maxTimestampMs, cursor.timestampMs());
      keepsTombstone |= cursor.isTombstone();
      kept++;
    }
  }

  /** The records that stay as they are, behind room for a header. */
  private ByteBuffer copies(ByteBuffer records) {
    int bytes = RecordBatch.HEADER_BYTES;
    for (int i = 0; i < kept; i++) {
      bytes = Math.addExact(bytes, ends[i] - starts[i]);
    }
    ByteBuffer whole = ByteBuffer.allocate(bytes);
    int at = RecordBatch.HEADER_BYTES;
    for (int i = 0; i < kept; i++) {
      int length = ends[i] - starts[i];
      whole.put(at, records, starts[i], length);
      at += length;
    }
    return whole;
  }

  /** The records that stay, with timestamps relative to another time. */
  private ByteBuffer relativeTo(long baseTimestampMs, ByteBuffer records) {
    int bytes = RecordBatch.HEADER_BYTES;
    for (int i = 0; i < kept; i++) {
      bytes = Math.addExact(bytes, ends[i] - starts[i] + MAX_VARLONG_BYTES + 1);
    }
    ByteBuffer whole = ByteBuffer.allocate(bytes);
    whole.position(RecordBatch.HEADER_BYTES);
    for (int i = 0; i < kept; i++) {
      long delta = timestampsMs[i] - baseTimestampMs;
      int rest = ends[i] - rests[i];
      Varints.writeInt(1 + Varints.sizeOfLong(delta) + rest, whole);
      whole.put((byte) 0);
      Varints.writeLong(delta, whole);
      whole.put(whole.position(), records, rests[i], rest);
      whole.position(whole.position() + rest);
    }
    return whole.flip();
  }

  /** The batch's header and the records, compressed as the batch's were, if that is smaller. */
  private static ByteBuffer compressed(RecordBatch batch, ByteBuffer whole) {
    int flags = batch.bytes().getShort(21);
    int length = whole.limit() - RecordBatch.HEADER_BYTES;
    if (batch.compression() != Compression.NONE) {
      ByteBuffer smaller =
          Codec.of(batch.compression())
              .compress(whole.array(), whole.arrayOffset() + RecordBatch.HEADER_BYTES, length);
      if (smaller.remaining() < length) {
        length = smaller.remaining();
        whole.put(RecordBatch.HEADER_BYTES, smaller, smaller.position(), length);
      } else {
        flags &= ~RecordBatch.COMPRESSION_MASK;
      }
    }
    whole.put(0, batch.bytes(), 0, RecordBatch.HEADER_BYTES);
    whole.position(0).limit(RecordBatch.HEADER_BYTES + length);
    whole
        .putInt(8, RecordBatch.HEADER_BYTES - RecordBatch.LOG_OVERHEAD_BYTES + length)
        .putShort(21, (short) flags);
    return whole;
  }
}
