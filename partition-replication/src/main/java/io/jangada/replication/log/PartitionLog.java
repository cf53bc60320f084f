// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The record batches of one partition, in offset order without gaps.
 *
 * <p>Threads: everything that changes the log is called by one owner; {@link #sync} by one other
 * thread; reads by any. After an {@link IOException} from a changing call or from {@link #sync} the
 * log must not be used any more: what is on the disk is then known only to the next recovery.
 */
public final class PartitionLog implements AutoCloseable {
  private static final int READ_ATTEMPTS = 3;

  private final Storage storage;
  private final Path directory;
  private final LogConfig config;
  private final TailCache.Tail tail;
  private final RecoveryReport recoveryReport;
  private final LeaderEpochHistory epochs;
  private final ConcurrentSkipListMap<Long, LogSegment> segments = new ConcurrentSkipListMap<>();

  private final Queue<LogSegment> dirtySegments = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean directoryDirty = new AtomicBoolean();
  private final AtomicBoolean parentDirty = new AtomicBoolean();
  private final AtomicReference<@Nullable DueCheckpoint> dueCheckpoint = new AtomicReference<>();
  private final Object checkpointLock = new Object();

  private volatile long logStartOffset;
  private volatile LogEnd end;
  private volatile boolean discarded;
  private int segmentBytes;
  private long highWatermark;

  /** What the checkpoint on disk says; guarded by {@link #checkpointLock}. */
  private long recoveryPoint;

  /** Checkpoints drawn up before it are void; guarded by {@link #checkpointLock}. */
  private int checkpointGeneration;

  /** A checkpoint to be written once everything before it is durable. */
  private record DueCheckpoint(LogCheckpoint content, int generation) {}

  private PartitionLog(
      Storage storage, Path directory, LogConfig config, TailCache cache, LogRecovery recovered) {
    this.storage = storage;
    this.directory = directory;
    this.config = config;
    this.segmentBytes = config.segmentBytes();
    this.tail = cache.newTail();
    this.recoveryReport = recovered.report();
    this.epochs = recovered.epochs();
    this.logStartOffset = recovered.logStartOffset();
    this.highWatermark = recovered.highWatermark();
    this.recoveryPoint = recovered.recoveryPoint();
    this.end = new LogEnd(recovered.endOffset(), 0);
    for (LogSegment segment : recovered.segments()) {
      segments.put(segment.baseOffset(), segment);
      dirtySegments.add(segment);
    }
  }

  /**
   * Opens the log in the directory, creating an empty one if there is none, cuts a torn tail off
   * and makes what is left durable. Reads the whole log.
   *
   * @param visitor sees every batch, in order; the memory is reused after each call
   * @throws CorruptLogException if the damage is not a torn tail
   */
  public static PartitionLog open(
      Storage storage,
      Path directory,
      LogConfig config,
      TailCache cache,
      Consumer<RecordBatch> visitor)
      throws IOException {
    boolean created = !storage.exists(directory);
    if (created) {
      storage.createDirectories(directory);
    }
    LogRecovery recovery = new LogRecovery(storage, directory, config, visitor);
    recovery.run();
    PartitionLog log = new PartitionLog(storage, directory, config, cache, recovery);
    log.directoryDirty.set(log.recoveryReport.truncated());
    if (created) {
      // With the first batch: until then there is nothing to lose.
      log.parentDirty.set(true);
    } else {
      log.sync();
    }
    return log;
  }

  /** What opening found. */
  public RecoveryReport recoveryReport() {
    return recoveryReport;
  }

  /** Where the log lies. */
  public Path directory() {
    return directory;
  }

  /** Where each leader epoch begins: a copy. Owner only. */
  public LeaderEpochHistory epochs() {
    return epochs.copy();
  }

  /** The first offset there is. Any thread. */
  public long logStartOffset() {
    return logStartOffset;
  }

  /** The offset after the last batch. Any thread. */
  public long logEndOffset() {
    return end.endOffset();
  }

  /** The high watermark last noted, before or after the start. Owner only. */
  public long highWatermark() {
    return highWatermark;
  }

  /** Has the high watermark written along whenever a checkpoint is. Owner only. */
  public void noteHighWatermark(long offset) {
    highWatermark = offset;
  }

  /** From now on segments begin before a batch that would exceed so much. Owner only. */
  public void segmentBytes(int bytes) {
    segmentBytes = bytes;
  }

  /**
   * Writes the batches at the end, with one call for each segment. They are not durable before the
   * next {@link #sync}. The batches' memory may be kept and must not change any more. Owner only.
   */
  public void append(List<RecordBatch> batches) throws IOException {
    int from = 0;
    while (from < batches.size()) {
      LogSegment segment = segmentFor(batches.get(from));
      long size = segment.sizeBytes();
      int to = from;
      do {
        size += batches.get(to).sizeInBytes();
        to++;
      } while (to < batches.size() && size + batches.get(to).sizeInBytes() <= segmentBytes);
      List<RecordBatch> run = batches.subList(from, to);
      segment.append(run);
      touched(segment);
      for (RecordBatch batch : run) {
        epochs.append(batch.partitionLeaderEpoch(), batch.baseOffset());
      }
      tail.append(run);
      end = new LogEnd(run.getLast().nextOffset(), end.generation());
      from = to;
    }
  }

  /**
   * Removes everything from the offset on, which must be where a batch begins. Durable when it
   * returns; blocks for that. Owner only.
   *
   * @param generation above every earlier one
   */
  public void truncate(long toOffset, int generation) throws IOException {
    tail.truncate(toOffset);
    epochs.truncateFrom(toOffset);
    synchronized (checkpointLock) {
      checkpointGeneration = generation;
      if (toOffset < recoveryPoint) {
        writeCheckpoint(toOffset);
      }
    }
    end = new LogEnd(toOffset, end.generation());
    removeAll(segments.tailMap(toOffset, true).values());
    Map.Entry<Long, LogSegment> last = segments.lastEntry();
    if (last != null) {
      last.getValue().truncate(toOffset);
      touched(last.getValue());
    }
    // Only now: a sync that began earlier has not seen the truncation.
    end = new LogEnd(toOffset, generation);
  }

  /**
   * Removes all batches; the log goes on, empty, at the offset. Durable when it returns; blocks for
   * that. Owner only.
   *
   * @param generation above every earlier one
   */
  public void reset(long toOffset, int generation) throws IOException {
    tail.truncate(0);
    epochs.clear();
    logStartOffset = toOffset;
    highWatermark = toOffset;
    synchronized (checkpointLock) {
      checkpointGeneration = generation;
      // Before the files go: without them, the old recovery point would look like a loss.
      writeCheckpoint(Math.min(recoveryPoint, toOffset));
    }
    end = new LogEnd(toOffset, end.generation());
    removeAll(segments.values());
    end = new LogEnd(toOffset, generation);
  }

  /** Forgets what lies below the offset; files that hold nothing else are removed. Owner only. */
  public void advanceLogStart(long offset) throws IOException {
    if (offset <= logStartOffset) {
      return;
    }
    logStartOffset = Math.min(offset, logEndOffset());
    epochs.truncateBefore(logStartOffset);
    synchronized (checkpointLock) {
      writeCheckpoint(recoveryPoint);
    }
    for (LogSegment segment : segments.headMap(logStartOffset, false).values()) {
      Map.Entry<Long, LogSegment> next = segments.higherEntry(segment.baseOffset());
      if (next != null && next.getKey() <= logStartOffset) {
        remove(segment);
      }
    }
  }

  /**
   * Makes durable what was appended, truncated and removed before the call. Blocks. Called by one
   * thread at a time.
   *
   * @return up to where the log is durable now
   */
  public LogEnd sync() throws IOException {
    LogEnd durable = end;
    try {
      syncFiles();
    } catch (IOException e) {
      if (!discarded) {
        throw e;
      }
    }
    return durable;
  }

  private void syncFiles() throws IOException {
    DueCheckpoint due = dueCheckpoint.getAndSet(null);
    LogSegment segment = dirtySegments.poll();
    while (segment != null) {
      segment.sync();
      segment = dirtySegments.poll();
    }
    if (parentDirty.getAndSet(false)) {
      Path parent = directory.getParent();
      if (parent != null) {
        storage.syncDirectory(parent);
      }
    }
    if (directoryDirty.getAndSet(false)) {
      storage.syncDirectory(directory);
    }
    if (due != null) {
      synchronized (checkpointLock) {
        if (due.generation() == checkpointGeneration) {
          due.content().write(storage, directory);
          recoveryPoint = due.content().recoveryPoint();
        }
      }
    }
  }

  /**
   * Batches from memory, from the one that holds the offset on; empty if it is no longer there. Any
   * thread, no I/O.
   *
   * @param maxBytes more only if the first batch alone is larger
   * @param upTo no batch that reaches beyond this offset
   */
  public Optional<LogSlice> readCached(long offset, int maxBytes, long upTo) {
    return offset >= upTo ? Optional.of(LogSlice.empty(offset)) : tail.read(offset, maxBytes, upTo);
  }

  /**
   * Batches from disk, from the one that holds the offset on. Any thread; blocks.
   *
   * @param maxBytes more only if the first batch alone is larger
   * @param upTo no batch that reaches beyond this offset
   */
  public LogSlice read(long offset, int maxBytes, long upTo) throws IOException {
    if (offset >= Math.min(upTo, logEndOffset())) {
      return LogSlice.empty(offset);
    }
    return stable(
        () -> {
          Map.Entry<Long, LogSegment> at = segments.floorEntry(offset);
          return at == null
              ? LogSlice.empty(offset)
              : at.getValue().read(offset, maxBytes, Math.min(upTo, logEndOffset()));
        });
  }

  /**
   * The first batch whose largest timestamp is at or after the time. Any thread; blocks.
   *
   * @param upTo only batches that end at or below the offset
   */
  public Optional<TimestampOffset> find(long timestampMs, long upTo) throws IOException {
    return stable(
        () -> {
          for (LogSegment segment : segments.values()) {
            if (segment.maxTimestampMs() >= timestampMs && segment.baseOffset() < upTo) {
              TimestampOffset found = segment.find(timestampMs, upTo);
              if (found != null) {
                return Optional.of(found);
              }
            }
          }
          return Optional.empty();
        });
  }

  /** Bytes of all batches. Any thread. */
  public long sizeBytes() {
    return segments.values().stream().mapToLong(LogSegment::sizeBytes).sum();
  }

  /**
   * Makes everything durable, notes that it is, and closes the files. The owner and the syncing
   * thread have let go of the log.
   */
  @Override
  public void close() throws IOException {
    try {
      sync();
      synchronized (checkpointLock) {
        writeCheckpoint(logEndOffset());
      }
    } finally {
      abandon();
    }
  }

  /** As {@link #abandon}, of a log whose files are going to be removed. Owner only. */
  public void discard() throws IOException {
    discarded = true;
    abandon();
  }

  /** Closes the files as they are. Owner only; readers and the syncing thread may come too late. */
  public void abandon() throws IOException {
    tail.truncate(0);
    for (LogSegment segment : segments.values()) {
      segment.retire();
    }
  }

  private LogSegment segmentFor(RecordBatch batch) {
    if (batch.baseOffset() != logEndOffset()) {
      throw new IllegalArgumentException(
          "expected a batch at offset " + logEndOffset() + ", but got " + batch);
    }
    Map.Entry<Long, LogSegment> last = segments.lastEntry();
    if (last != null) {
      int size = last.getValue().sizeBytes();
      if (size == 0 || (long) size + batch.sizeInBytes() <= segmentBytes) {
        return last.getValue();
      }
      dueCheckpoint.set(new DueCheckpoint(checkpoint(logEndOffset()), end.generation()));
    }
    LogSegment fresh = new LogSegment(storage, directory, batch.baseOffset(), config);
    segments.put(fresh.baseOffset(), fresh);
    directoryDirty.set(true);
    return fresh;
  }

  private void touched(LogSegment segment) {
    if (segment.markDirty()) {
      dirtySegments.add(segment);
    }
  }

  /** Removes the segments, durably, for the reason given at {@link LogSegment#cut}. */
  private void removeAll(Collection<LogSegment> doomed) throws IOException {
    if (doomed.isEmpty()) {
      return;
    }
    for (LogSegment segment : doomed) {
      remove(segment);
    }
    directoryDirty.set(false);
    storage.syncDirectory(directory);
  }

  private void remove(LogSegment segment) throws IOException {
    segments.remove(segment.baseOffset());
    segment.retire();
    storage.delete(segment.path());
    directoryDirty.set(true);
  }

  private LogCheckpoint checkpoint(long durableOffset) {
    return new LogCheckpoint(logStartOffset, durableOffset, highWatermark, epochs.copy());
  }

  /** The caller holds the lock; what lies below the offset is durable. */
  private void writeCheckpoint(long durableOffset) throws IOException {
    dueCheckpoint.set(null);
    checkpoint(durableOffset).write(storage, directory);
    recoveryPoint = durableOffset;
  }

  private interface Reading<T> {
    T get() throws IOException;
  }

  /** A read that no truncation or removal has come in the way of. */
  private <T> T stable(Reading<T> reading) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int generation = end.generation();
      try {
        T result = reading.get();
        if (generation == end.generation()) {
          return result;
        }
      } catch (ClosedChannelException | CorruptLogException e) {
        if (attempt == READ_ATTEMPTS) {
          throw e;
        }
      }
      if (attempt == READ_ATTEMPTS) {
        throw new IOException("expected to read " + directory + ", but it keeps being truncated");
      }
    }
  }
}
