// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.LeaderEpochHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads segments batch by batch and stops at the first bad checksum, offset gap or falling leader
 * epoch. Used by one thread.
 */
final class SegmentScan {
  private static final int CHUNK_BYTES = 1 << 20;

  private final LeaderEpochHistory epochs;
  private final Consumer<RecordBatch> visitor;
  private final long upTo;
  private long endOffset;
  private String reason = "";
  private boolean cutShort;
  private boolean atEnd;

  /**
   * A scan that goes on where a log ends.
   *
   * @param upTo no batch that reaches beyond this offset
   * @param epochs of what comes before; gets what is found
   * @param visitor sees every sound batch; the memory is used again after each call
   */
  SegmentScan(long endOffset, long upTo, LeaderEpochHistory epochs, Consumer<RecordBatch> visitor) {
    this.upTo = upTo;
    this.endOffset = endOffset;
    this.epochs = epochs;
    this.visitor = visitor;
  }

  /** The offset after the last sound batch. */
  long endOffset() {
    return endOffset;
  }

  LeaderEpochHistory epochs() {
    return epochs;
  }

  /** Why it ended; empty if nothing was wrong. */
  String reason() {
    return reason;
  }

  /**
   * Whether all that is wrong is that the file ends within a batch, as when a write was cut off.
   */
  boolean isCutShort() {
    return cutShort;
  }

  /** Whether it goes no further because nothing is wanted from there on. */
  boolean isAtEnd() {
    return atEnd || endOffset >= upTo;
  }

  /** Reads from the position on; the segment is as long afterwards as it is sound. */
  void run(LogSegment segment, int from) throws IOException {
    long fileBytes = segment.fileBytes();
    segment.restore(from, segment.maxTimestampMs(), segment.firstCrc());
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, fileBytes - from));
    while (segment.sizeBytes() < fileBytes && !isAtEnd()) {
      int position = segment.sizeBytes();
      chunk.clear().limit((int) Math.min(chunk.capacity(), fileBytes - position));
      segment.read(chunk, position);
      chunk.flip();
      while (chunk.remaining() >= RecordBatch.HEADER_BYTES && isWhole(chunk)) {
        if (BatchHeaders.nextOffset(chunk, chunk.position()) > upTo) {
          atEnd = true;
          return;
        }
        String bad = take(segment, chunk);
        if (bad != null) {
          reason = bad + " at position " + segment.sizeBytes() + " of " + segment.path();
          return;
        }
      }
      if (segment.sizeBytes() == position) {
        long need = neededBytes(chunk, fileBytes - position);
        if (need < 0) {
          cutShort = isCutShort(chunk, fileBytes - position);
          reason =
              "expected a whole batch at position "
                  + position
                  + " of "
                  + segment.path()
                  + ", but the file ends or the length is wrong";
          return;
        }
        chunk = ByteBuffer.allocate((int) need);
      }
    }
  }

  private static boolean isWhole(ByteBuffer chunk) {
    int size = BatchHeaders.sizeBytes(chunk, chunk.position());
    return BatchHeaders.plausible(size) && size <= chunk.remaining();
  }

  /** Bytes of the batch at the chunk's beginning, or -1 if there is no whole one in the file. */
  private static long neededBytes(ByteBuffer chunk, long left) {
    if (chunk.remaining() < RecordBatch.HEADER_BYTES) {
      return -1;
    }
    int size = BatchHeaders.sizeBytes(chunk, chunk.position());
    return BatchHeaders.plausible(size) && size > chunk.capacity() && size <= left ? size : -1;
  }

  private static boolean isCutShort(ByteBuffer chunk, long left) {
    if (chunk.remaining() < RecordBatch.HEADER_BYTES) {
      return true;
    }
    int size = BatchHeaders.sizeBytes(chunk, chunk.position());
    return BatchHeaders.plausible(size) && size > left;
  }

  /** Takes the batch at the chunk's position, or says what is wrong with it. */
  private @Nullable String take(LogSegment segment, ByteBuffer chunk) {
    RecordBatch batch;
    try {
      batch = RecordBatch.at(chunk);
      batch.validate();
    } catch (JangadaException e) {
      return e.getMessage();
    }
    if (batch.baseOffset() != endOffset) {
      return "expected offset " + endOffset + ", but found " + batch.baseOffset();
    }
    if (batch.partitionLeaderEpoch() < epochs.lastEpoch()) {
      return "expected leader epoch "
          + epochs.lastEpoch()
          + " or later, but found "
          + batch.partitionLeaderEpoch();
    }
    epochs.append(batch.partitionLeaderEpoch(), batch.baseOffset());
    visitor.accept(batch);
    segment.indexed(chunk, chunk.position());
    endOffset = batch.nextOffset();
    chunk.position(chunk.position() + batch.sizeInBytes());
    return null;
  }
}
