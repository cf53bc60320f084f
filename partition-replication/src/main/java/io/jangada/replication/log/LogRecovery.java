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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a log's files back into a state that they had: that of a checkpoint, or, without one,
 * whatever is sound in them. Used once, by one thread.
 */
public final class LogRecovery {
  private static final Logger logger = LoggerFactory.getLogger(LogRecovery.class);

  private final OpenFiles openFiles;
  private final Storage storage;
  private final Path directory;
  private final LogConfig config;
  private final TailCache cache;
  private final FlushQueue flushQueue;
  private final WriteAhead journal;
  private String doubt = "";

  /** A recovery of the log in the directory, which need not exist. */
  public LogRecovery(
      OpenFiles openFiles,
      Path directory,
      LogConfig config,
      TailCache cache,
      FlushQueue flushQueue,
      WriteAhead journal) {
    this.openFiles = openFiles;
    this.storage = openFiles.storage();
    this.directory = directory;
    this.config = config;
    this.cache = cache;
    this.flushQueue = flushQueue;
    this.journal = journal;
  }

  // ---- with a checkpoint

  /**
   * Goes back to the checkpoint, or to an earlier end of the log that is going to be truncated
   * below the checkpoint's. No more is read than one batch; what lies behind is cut away, because
   * the journal has it, or nobody was told that it was durable.
   *
   * <p>Of a log that was durable in memory the files alone have what lies behind: as much of it is
   * taken as is sound.
   *
   * @param endOffset at most the checkpoint's, where a batch begins; of a log that was durable in
   *     memory no batch is taken that reaches beyond it
   * @param logStartOffset at least the checkpoint's; what lies below may be gone
   * @param visitor sees every batch behind the checkpoint; the memory is used again after each call
   * @throws CorruptLogException if the files do not hold what the checkpoint says; nothing was
   *     touched then
   */
  public PartitionLog restore(
      LogCheckpoint state, long endOffset, long logStartOffset, Consumer<RecordBatch> visitor)
      throws IOException {
    long known = Math.min(endOffset, state.endOffset());
    List<LogSegment> sound = new ArrayList<>();
    SegmentsOnDisk onDisk = SegmentsOnDisk.in(storage, directory);
    List<LogCheckpoint.Segment> expected = state.segments();
    for (int i = 0; i < expected.size(); i++) {
      LogCheckpoint.Segment each = expected.get(i);
      long segmentEnd =
          i + 1 < expected.size() ? expected.get(i + 1).baseOffset() : state.endOffset();
      // What lay beyond the end is cut, so that the segment may have gone for what was below it.
      boolean gone =
          !onDisk.has(each.baseOffset(), each.generation())
              && Math.min(segmentEnd, known) <= logStartOffset;
      if (gone) {
        // So is what comes before it, though a file may wait for a checkpoint to be removed.
        sound.clear();
      } else if (each.baseOffset() < known) {
        sound.add(check(each, onDisk, segmentEnd > known));
      }
    }
    LogSegment last = sound.isEmpty() ? null : sound.getLast();
    if (last != null && known < state.endOffset()) {
      int position = last.endPosition(known);
      last.restore(position, last.maxTimestampMs(), last.firstCrc());
    } else if (last != null) {
      checkLastBatch(last, state);
    } else if (known > Math.max(logStartOffset, 0) && !expected.isEmpty()) {
      throw new CorruptLogException(
          "expected batches up to offset " + known + " in " + directory + ", but found none");
    }
    LeaderEpochHistory epochs = state.epochs().copy();
    long end = known;
    if (endOffset > state.endOffset()) {
      long from = firstUnknown(sound, onDisk, state.endOffset(), logStartOffset);
      SegmentScan scan = new SegmentScan(from, endOffset, epochs, visitor);
      scanBeyond(scan, sound, onDisk);
      end = scan.endOffset();
    }
    cutAway(sound, onDisk, end);
    if (endOffset > state.endOffset()) {
      sync(sound, state.endOffset());
    }
    long start = Math.min(logStartOffset, end);
    // In this order: of a log that was cut down to its start no epoch is left.
    epochs.truncateBefore(start);
    epochs.truncateFrom(end);
    LogCheckpoint cut =
        new LogCheckpoint(
            state.number(),
            end,
            LogCheckpoint.NO_POSITION,
            List.of(),
            start,
            Math.min(state.highWatermark(), end),
            epochs,
            state.durability(),
            state.producers());
    return open(sound, cut);
  }

  /**
   * Why the log may have had more, which no power failure took; empty if there is no doubt. After
   * {@link #restore}.
   */
  public String doubt() {
    return doubt;
  }

  /** Where batches begin that no checkpoint has: later, if what came first is deleted. */
  private static long firstUnknown(
      List<LogSegment> sound, SegmentsOnDisk onDisk, long endOffset, long logStartOffset) {
    long next =
        onDisk.baseOffsets().stream()
            .filter(base -> base >= endOffset)
            .mapToLong(Long::longValue)
            .min()
            .orElse(endOffset);
    return sound.isEmpty() && next <= logStartOffset ? next : endOffset;
  }

  /** Takes what is sound behind what is known, and adds the segments it is in. */
  private void scanBeyond(SegmentScan scan, List<LogSegment> sound, SegmentsOnDisk onDisk)
      throws IOException {
    long from = scan.endOffset();
    if (!sound.isEmpty()) {
      scan.run(sound.getLast(), sound.getLast().sizeBytes());
    }
    List<Long> further = onDisk.baseOffsets().stream().filter(base -> base >= from).toList();
    boolean isLast = further.isEmpty();
    for (int i = 0; i < further.size() && scan.reason().isEmpty(); i++) {
      isLast = i + 1 == further.size();
      if (further.get(i) != scan.endOffset()) {
        doubt = scan.isAtEnd() ? "" : "expected a segment at offset " + scan.endOffset();
        break;
      }
      LogSegment segment = segment(further.get(i), onDisk.oldest(further.get(i)));
      scan.run(segment, 0);
      if (segment.sizeBytes() > 0) {
        sound.add(segment);
      }
    }
    // A process that dies cuts its last write short. Everything else takes a power failure, or rot.
    if (!scan.reason().isEmpty()) {
      logger.warn("{}: going on at offset {}: {}", directory, scan.endOffset(), scan.reason());
      doubt = scan.isCutShort() && isLast ? "" : scan.reason();
    }
  }

  /** Makes durable what no checkpoint has, so that the next one may. */
  private void sync(List<LogSegment> sound, long checkpointEnd) throws IOException {
    LogSegment before = null;
    for (LogSegment each : sound) {
      if (before != null && each.baseOffset() > checkpointEnd) {
        before.sync();
      }
      before = each;
    }
    Path parent = directory.getParent();
    if (before != null && parent != null) {
      before.sync();
      storage.syncDirectory(directory);
      storage.syncDirectory(parent);
    }
  }

  private LogSegment check(LogCheckpoint.Segment expected, SegmentsOnDisk onDisk, boolean shorter)
      throws IOException {
    LogSegment segment = segment(expected.baseOffset(), expected.generation());
    if (!onDisk.has(expected.baseOffset(), expected.generation())) {
      throw new CorruptLogException("expected " + segment.path() + ", but it is not there");
    }
    long bytes = segment.fileBytes();
    if (bytes < expected.sizeBytes() && !shorter) {
      throw new CorruptLogException(
          "expected "
              + expected.sizeBytes()
              + " bytes in "
              + segment.path()
              + ", but there are "
              + bytes);
    }
    segment.restore(
        (int) Math.min(bytes, expected.sizeBytes()),
        expected.maxTimestampMs(),
        expected.firstCrc());
    segment.compacted(expected.compacted() && !shorter);
    return segment;
  }

  /** Catches the wrong file, and a length that is right by chance. */
  private static void checkLastBatch(LogSegment last, LogCheckpoint state) throws IOException {
    int position = state.lastBatchPosition();
    int length = last.sizeBytes() - position;
    if (position == LogCheckpoint.NO_POSITION || length <= 0) {
      return;
    }
    ByteBuffer content = ByteBuffer.allocate(length);
    last.read(content, position);
    content.flip();
    try {
      RecordBatch batch = RecordBatch.at(content);
      batch.validate();
      if (batch.sizeInBytes() == length && batch.nextOffset() == state.endOffset()) {
        return;
      }
      throw new CorruptLogException(
          "expected the batch before offset "
              + state.endOffset()
              + " at position "
              + position
              + " of "
              + last.path()
              + ", but found "
              + batch);
    } catch (JangadaException e) {
      throw new CorruptLogException(
          "expected a sound batch at position "
              + position
              + " of "
              + last.path()
              + ": "
              + e.getMessage());
    }
  }

  private void cutAway(List<LogSegment> sound, SegmentsOnDisk onDisk, long endOffset)
      throws IOException {
    for (LogSegment segment : sound) {
      onDisk.used(segment);
      if (segment.fileBytes() > segment.sizeBytes()) {
        segment.cut(segment.sizeBytes());
      }
    }
    long first = sound.isEmpty() ? Long.MIN_VALUE : sound.getFirst().baseOffset();
    for (SegmentNames.Name each : onDisk.unused()) {
      LogSegment surplus = segment(each.baseOffset(), each.generation());
      boolean outside =
          each.baseOffset() >= endOffset || each.baseOffset() < first || sound.isEmpty();
      if (outside || onDisk.isOfCompaction(each)) {
        surplus.retire();
        surplus.delete();
      } else {
        logger.warn("{} does not belong to the log; leaving it alone", surplus.path());
      }
    }
  }

  /** As {@link #restore}, where the log is going to be reset: nothing on the disk matters. */
  public PartitionLog restoreEmpty(LogCheckpoint state, long offset) throws IOException {
    cutAway(List.of(), SegmentsOnDisk.in(storage, directory), offset);
    LogCheckpoint empty =
        new LogCheckpoint(
            state.number(),
            offset,
            LogCheckpoint.NO_POSITION,
            List.of(),
            offset,
            offset,
            new LeaderEpochHistory(),
            state.durability(),
            ByteBuffer.allocate(0));
    return open(List.of(), empty);
  }

  // ---- without

  /**
   * Takes what is sound from the segments' beginning on, up to the first bad checksum, offset gap
   * or falling leader epoch; what lies behind is cut away. Reads everything.
   *
   * @param visitor sees every batch; the memory is used again after each call
   */
  public PartitionLog rebuild(Consumer<RecordBatch> visitor) throws IOException {
    SegmentsOnDisk onDisk = SegmentsOnDisk.in(storage, directory);
    List<LogSegment> sound = new ArrayList<>();
    long first = onDisk.baseOffsets().stream().mapToLong(Long::longValue).min().orElse(0);
    SegmentScan scan = new SegmentScan(first, Long.MAX_VALUE, new LeaderEpochHistory(), visitor);
    for (long baseOffset : onDisk.baseOffsets()) {
      if (scan.reason().isEmpty() && baseOffset == scan.endOffset()) {
        LogSegment segment = segment(baseOffset, onDisk.oldest(baseOffset));
        scan.run(segment, 0);
        if (segment.sizeBytes() > 0) {
          sound.add(segment);
        }
      }
    }
    if (!scan.reason().isEmpty()) {
      logger.warn("{}: going on at offset {}: {}", directory, scan.endOffset(), scan.reason());
    }
    cutAway(sound, onDisk, scan.endOffset());
    LogCheckpoint state =
        new LogCheckpoint(
            0,
            scan.endOffset(),
            LogCheckpoint.NO_POSITION,
            List.of(),
            first,
            first,
            scan.epochs(),
            Durability.FSYNC,
            ByteBuffer.allocate(0));
    return open(sound, state);
  }

  private PartitionLog open(List<LogSegment> sound, LogCheckpoint state) {
    LogFiles files =
        new LogFiles(openFiles, directory, config.indexIntervalBytes(), state.endOffset());
    if (!sound.isEmpty()) {
      files.restore(sound, state.endOffset());
    }
    return new PartitionLog(files, cache, config, flushQueue, journal, state);
  }

  private LogSegment segment(long baseOffset, int generation) {
    return new LogSegment(
        openFiles, directory, baseOffset, generation, config.indexIntervalBytes());
  }
}
