// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from its beginning and stops at the first bad checksum, offset gap or falling leader
 * epoch. Beyond the recovery point that is the torn end of the last write and is cut away; below it
 * is corruption, and nothing is touched. Used once, by one thread.
 */
final class LogRecovery {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Storage storage;
  private final Path directory;
  private final LogConfig config;
  private final Consumer<RecordBatch> visitor;
  private final List<LogSegment> sound = new ArrayList<>();
  private final LeaderEpochHistory epochs = new LeaderEpochHistory();
  private long recoveryPoint;
  private long highWatermark;
  private long logStartOffset;
  private long endOffset;
  private long scannedBytes;
  private long truncatedBytes;
  private String reason = "";

  LogRecovery(Storage storage, Path directory, LogConfig config, Consumer<RecordBatch> visitor) {
    this.storage = storage;
    this.directory = directory;
    this.config = config;
    this.visitor = visitor;
  }

  /** Does it all; the getters tell what was found. */
  void run() throws IOException {
    List<LogSegment> segments = listSegments();
    Optional<LogCheckpoint> checkpoint = LogCheckpoint.read(storage, directory);
    long first = segments.isEmpty() ? 0 : segments.getFirst().baseOffset();
    recoveryPoint = checkpoint.map(LogCheckpoint::recoveryPoint).orElse(first);
    highWatermark = checkpoint.map(LogCheckpoint::highWatermark).orElse(first);
    logStartOffset = checkpoint.map(LogCheckpoint::logStartOffset).orElse(first);
    endOffset = segments.isEmpty() ? logStartOffset : first;
    for (LogSegment segment : segments) {
      if (reason.isEmpty()) {
        recover(segment);
      } else {
        drop(segment);
      }
    }
    refuseIfBelowRecoveryPoint(endOffset);
    if (endOffset < logStartOffset) {
      finishReset();
    }
    logStartOffset = sound.isEmpty() ? logStartOffset : Math.max(logStartOffset, first);
    epochs.truncateBefore(logStartOffset);
  }

  List<LogSegment> segments() {
    return sound;
  }

  LeaderEpochHistory epochs() {
    return epochs;
  }

  long logStartOffset() {
    return logStartOffset;
  }

  long endOffset() {
    return endOffset;
  }

  long recoveryPoint() {
    return recoveryPoint;
  }

  long highWatermark() {
    return highWatermark;
  }

  RecoveryReport report() {
    return new RecoveryReport(scannedBytes, truncatedBytes, reason);
  }

  private List<LogSegment> listSegments() throws IOException {
    List<LogSegment> segments = new ArrayList<>();
    for (Path path : storage.list(directory)) {
      long baseOffset = LogSegment.baseOffsetOf(path);
      if (baseOffset >= 0) {
        segments.add(new LogSegment(storage, directory, baseOffset, config));
      }
    }
    return segments;
  }

  private void recover(LogSegment segment) throws IOException {
    if (segment.baseOffset() != endOffset) {
      reason = "expected a segment at offset " + endOffset + ", but found " + segment.path();
      drop(segment);
      return;
    }
    long fileBytes = segment.fileBytes();
    scan(segment, fileBytes);
    scannedBytes += segment.sizeBytes();
    sound.add(segment);
    if (segment.sizeBytes() < fileBytes) {
      refuseIfBelowRecoveryPoint(endOffset);
      truncatedBytes += fileBytes - segment.sizeBytes();
      segment.cut(segment.sizeBytes());
    }
    if (endOffset > recoveryPoint || !reason.isEmpty()) {
      segment.markDirty();
    }
  }

  private void scan(LogSegment segment, long fileBytes) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, fileBytes));
    while (segment.sizeBytes() < fileBytes) {
      int position = segment.sizeBytes();
      chunk.clear().limit((int) Math.min(chunk.capacity(), fileBytes - position));
      segment.read(chunk, position);
      chunk.flip();
      while (chunk.remaining() >= RecordBatch.HEADER_BYTES && wholeBatch(chunk)) {
        String bad = take(segment, chunk);
        if (bad != null) {
          reason = bad + " at position " + segment.sizeBytes() + " of " + segment.path();
          return;
        }
      }
      if (segment.sizeBytes() == position) {
        long need = neededBytes(chunk, fileBytes - position);
        if (need < 0) {
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

  private static boolean wholeBatch(ByteBuffer chunk) {
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
    segment.indexed(batch);
    endOffset = batch.nextOffset();
    chunk.position(chunk.position() + batch.sizeInBytes());
    return null;
  }

  private void drop(LogSegment segment) throws IOException {
    refuseIfBelowRecoveryPoint(endOffset);
    truncatedBytes += segment.fileBytes();
    segment.retire();
    storage.delete(segment.path());
  }

  /** The log was reset beyond its end, and the crash came before the files went. */
  private void finishReset() throws IOException {
    for (LogSegment segment : sound) {
      segment.retire();
      storage.delete(segment.path());
    }
    sound.clear();
    epochs.clear();
    endOffset = logStartOffset;
  }

  private void refuseIfBelowRecoveryPoint(long offset) throws CorruptLogException {
    if (offset < recoveryPoint) {
      throw new CorruptLogException(
          "expected sound batches up to offset "
              + recoveryPoint
              + " in "
              + directory
              + ", but they end at "
              + offset
              + (reason.isEmpty() ? "" : ": " + reason));
    }
  }
}
