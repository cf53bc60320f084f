// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import io.jangada.replication.core.LeaderEpochHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The record batches of one partition, in offset order without gaps.
 *
 * <p>What is done to a log is done in memory at once and put down in the journal; its files follow
 * later, in the same order, and never before the journal is durable ({@link #flush}). Until a batch
 * is in its segment it is read from memory.
 *
 * <p>Threads: everything that changes the log is called by one owner; {@link #flush}, {@link #sync}
 * and {@link #checkpointed} by the thread that writes segments; {@link #journaled} by the journal;
 * reads by any. After an {@link IOException} other than for want of room from a writing call the
 * log must not be used any more: what is on the disk is then known only to the next recovery.
 */
public final class PartitionLog {
  /** No journal entry: all that was done is in the last checkpoint. */
  public static final long NONE = Long.MAX_VALUE;

  /** A write of segments is worth it from so many bytes on. */
  public static final int WORTHWHILE_BYTES = 1 << 20;

  private final LogFiles files;
  private final TailCache.Tail tail;
  private final FlushQueue flushQueue;
  private final DurableEnd durable;

  /** Held while the files are changed. */
  private final ReentrantLock fileLock = new ReentrantLock();

  /** Guards what owner, journal and writer share; a leaf, but for the cache and the journal. */
  private final Object lock = new Object();

  private final PendingOperations pending = new PendingOperations();
  private final LogFlusher flusher;
  private final LogReads reads;
  private final Unmarked unmarked;
  private final LogProgress progress;
  private final LogCompaction compaction;
  private @Nullable WriteAhead journal;
  private volatile LogEnd end;
  private volatile long logStartOffset;
  private volatile long readableEnd;
  private volatile boolean discarded;

  /** Never changed, only replaced, so that readers may look. */
  private volatile LeaderEpochHistory epochs;

  private volatile SegmentLimits segmentLimits;

  /** The journal entry with which files may go, or {@link #NONE}. */
  private long removalNumber = NONE;

  private long highWatermark;

  /**
   * A log in the state of a checkpoint.
   *
   * @param files in that state
   * @param journal where the log puts down what is done to it
   */
  PartitionLog(
      LogFiles files,
      TailCache cache,
      LogConfig config,
      FlushQueue flushQueue,
      @Nullable WriteAhead journal,
      LogCheckpoint state) {
    this.files = files;
    this.tail = cache.newTail();
    this.flushQueue = flushQueue;
    this.journal = journal;
    this.segmentLimits = SegmentLimits.ofBytes(config.segmentBytes());
    this.durable = new DurableEnd(state.durability(), new LogEnd(state.endOffset(), 0));
    this.unmarked = new Unmarked(state.number());
    this.pending.committed(state.number());
    this.progress = new LogProgress(lock, files, pending, unmarked, durable);
    this.end = new LogEnd(state.endOffset(), 0);
    this.readableEnd = state.endOffset();
    this.logStartOffset = state.logStartOffset();
    this.highWatermark = state.highWatermark();
    this.epochs = state.epochs().copy();
    this.compaction = new LogCompaction(files, fileLock, () -> end, () -> discarded);
    this.flusher = new LogFlusher(files, tail, pending, lock, this::flushed, () -> discarded);
    this.reads =
        new LogReads(files, tail, () -> end, () -> readableEnd, () -> logStartOffset, () -> epochs);
  }

  /** An empty log, of which there is no file; {@link #goLive} is to follow. */
  public static PartitionLog create(
      OpenFiles openFiles,
      Path directory,
      LogConfig config,
      TailCache cache,
      FlushQueue flushQueue) {
    LogFiles files = new LogFiles(openFiles, directory, config.indexIntervalBytes(), 0);
    LogCheckpoint empty = LogCheckpoint.empty(Durability.FSYNC);
    return new PartitionLog(files, cache, config, flushQueue, null, empty);
  }

  /** Where the log lies, if it has any file. */
  public Path directory() {
    return files.directory();
  }

  /** How far it has come on its way to files and checkpoints. Any thread. */
  public LogProgress progress() {
    return progress;
  }

  /** Reads and replaces its closed segments. By one thread, which may be any. */
  public LogCompaction compaction() {
    return compaction;
  }

  /** Where each leader epoch begins: a copy. Any thread. */
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

  /** Where the log may start, for all that retention asks for. Any thread. */
  public long retentionPoint(Retention retention, long upTo, long nowMs) {
    return retention.logStart(files.retained(), logStartOffset, upTo, nowMs);
  }

  // ---- by the owner

  /** For what is written from now on. */
  public void segmentLimits(SegmentLimits limits) {
    segmentLimits = limits;
  }

  /** To be put down with the next checkpoint. */
  public void noteHighWatermark(long offset) {
    highWatermark = offset;
  }

  /** Ends recovery: what is done is put down there. */
  public void goLive(WriteAhead next) {
    synchronized (lock) {
      journal = next;
      end = new LogEnd(end.endOffset(), 0);
      durable.goLive(end);
    }
  }

  /**
   * Says how the log is to be durable, as the cluster has it, which by now knows how recovery has
   * found it. What is done from now on is called durable once a checkpoint has what came before.
   * Does nothing while an earlier change is on its way: call again.
   *
   * @param producers a snapshot; not to be changed
   */
  public void durability(Durability wanted, ByteBuffer producers) {
    synchronized (lock) {
      durable.assigned();
      if (durable.durability() == wanted || !durable.isSettled() || discarded) {
        return;
      }
      durable.turn(wanted);
      settle(producers);
    }
    flushQueue.ready(this);
  }

  /** Marks a turn, unless a mark is on its way: then another has to follow. Holds the lock. */
  private void settle(ByteBuffer producers) {
    if (!durable.isSettled() && !unmarked.marked()) {
      beginMark(producers);
    }
  }

  /**
   * Something was put down in the journal that is not seen in the log: that it came into being.
   *
   * @param entry puts it down and returns its number
   */
  public void noted(LongSupplier entry) {
    synchronized (lock) {
      unmarked.noted(entry.getAsLong());
    }
  }

  /** Adds batches whose offsets and epochs are assigned, at the end. */
  public void append(List<RecordBatch> batches) {
    Appended appended = Appended.of(batches, end.endOffset(), epochs);
    long bytes = appended.bytes();
    epochs = appended.epochs();
    boolean ready;
    synchronized (lock) {
      tail.append(batches);
      end = new LogEnd(appended.endOffset(), end.generation());
      long number = take(batches, bytes);
      pending.add(new LogOperation.Batches(number, appended.endOffset(), (int) bytes));
      ready = progress.isReady();
    }
    flushQueue.pending(this, bytes);
    if (ready) {
      flushQueue.ready(this);
    }
  }

  /** Who gets the batches: returns the journal entry after which the files may have them. */
  private long take(List<RecordBatch> batches, long bytes) {
    return switch (durable.durability()) {
      case FSYNC -> {
        long number = journal().batches(batches, end);
        unmarked.noted(number);
        yield number;
      }
      case MEMORY -> {
        unmarked.unsynced(bytes);
        yield unmarked.lastNumber();
      }
    };
  }

  /**
   * Removes everything from the offset on, which must be where a batch begins.
   *
   * @param generation above every earlier one
   * @param producers a snapshot of those that are left; not to be changed
   */
  public void truncate(long toOffset, int generation, ByteBuffer producers) {
    LeaderEpochHistory shorter = epochs.copy();
    shorter.truncateFrom(toOffset);
    long before;
    long after;
    synchronized (lock) {
      before = tail.pinnedBytes();
      tail.truncate(toOffset);
      after = tail.pinnedBytes();
      epochs = shorter;
      end = new LogEnd(toOffset, generation);
      unmarked.markVoid(pending.cutFrom(toOffset));
      long number = journal().truncated(toOffset, end);
      unmarked.noted(number);
      pending.add(new LogOperation.Truncate(number, toOffset, capture(producers)));
      durable.cut();
      settle(producers);
      readableEnd = pending.readableEnd(files.end());
    }
    flushQueue.pending(this, after - before);
  }

  /**
   * Removes all batches; the log goes on, empty, at the offset.
   *
   * @param generation above every earlier one
   */
  public void reset(long toOffset, int generation) {
    long before;
    synchronized (lock) {
      before = tail.pinnedBytes();
      tail.truncate(Long.MIN_VALUE);
      epochs = new LeaderEpochHistory();
      logStartOffset = toOffset;
      highWatermark = toOffset;
      end = new LogEnd(toOffset, generation);
      unmarked.markVoid(pending.clear());
      long number = journal().reset(toOffset, end);
      unmarked.noted(number);
      ByteBuffer noProducers = ByteBuffer.allocate(0);
      pending.add(new LogOperation.Reset(number, toOffset, capture(noProducers)));
      durable.cut();
      settle(noProducers);
      readableEnd = pending.readableEnd(files.end());
    }
    flushQueue.pending(this, -before);
  }

  /** Forgets what lies below the offset; files that hold nothing else are removed. */
  public void advanceLogStart(long offset) {
    long to = Math.min(offset, end.endOffset());
    if (to <= logStartOffset) {
      return;
    }
    LeaderEpochHistory shorter = epochs.copy();
    shorter.truncateBefore(to);
    synchronized (lock) {
      epochs = shorter;
      logStartOffset = to;
      long number = journal().logStart(to, end);
      unmarked.noted(number);
      pending.add(new LogOperation.LogStart(number, to));
      removalNumber = number;
    }
  }

  /**
   * Has the log's state as it is now put down, once the files have come so far; nothing happens if
   * that is under way already.
   *
   * @param producers a snapshot; not to be changed
   */
  public void mark(ByteBuffer producers) {
    synchronized (lock) {
      if (unmarked.marked() || discarded) {
        return;
      }
      beginMark(producers);
    }
    flushQueue.ready(this);
  }

  private void beginMark(ByteBuffer producers) {
    unmarked.markBegins();
    durable.markBegins(end);
    pending.add(new LogOperation.Mark(unmarked.lastNumber(), capture(producers)));
  }

  /**
   * As {@link #mark}, when nothing more is done to the log: it is synced after that. But where
   * recovery has found it unsynced and nobody was told yet, it stays so.
   */
  public void rest(ByteBuffer producers) {
    if (durable.isAssigned()) {
      durability(Durability.FSYNC, producers);
    }
    mark(producers);
  }

  private LogCapture capture(ByteBuffer producers) {
    return new LogCapture(
        end.endOffset(), logStartOffset, highWatermark, epochs, durable.durability(), producers);
  }

  private WriteAhead journal() {
    return Objects.requireNonNull(journal, "expected a log that is live");
  }

  /** Forgets what is in memory; the files are not written any more. Any thread. */
  public void abandon() {
    discarded = true;
    long before;
    synchronized (lock) {
      before = tail.pinnedBytes();
      tail.truncate(Long.MIN_VALUE);
      unmarked.markVoid(pending.clear());
    }
    flushQueue.pending(this, -before);
  }

  /** As {@link #abandon}; the files are going to be removed. Blocks while they are written. */
  public void discard() {
    abandon();
    fileLock.lock();
    try {
      files.retire();
    } finally {
      fileLock.unlock();
    }
  }

  // ---- by the journal

  /**
   * What was done up to the entry is durable in the journal.
   *
   * @param to where the log ended then
   */
  public void journaled(long number, LogEnd to) {
    boolean ready;
    synchronized (lock) {
      boolean before = progress.isReady();
      pending.durable(number);
      durable.journaled(to);
      ready = unmarked.marked() || number >= removalNumber || (!before && progress.isReady());
      removalNumber = number >= removalNumber ? NONE : removalNumber;
    }
    if (ready) {
      flushQueue.ready(this);
    }
  }

  // ---- by the thread that writes segments

  /** Whether every batch is in its segment. */
  public boolean isFlushed() {
    return tail.pinnedBytes() == 0;
  }

  /**
   * Does to the files what was done to the log, as far as the journal is durable. Blocks.
   *
   * @param slab memory to write from
   * @param ahead true to write also batches that the journal does not have yet: they count for
   *     nothing before the next checkpoint, which makes them durable itself
   * @return a state that was reached
   * @throws IOException if there was no room, it may be tried again
   */
  public Optional<ReachedState> flush(ByteBuffer slab, boolean ahead) throws IOException {
    fileLock.lock();
    try {
      ReachedState reached = flusher.run(slab, ahead, segmentLimits);
      if (flusher.leftSome() && progress.isReady()) {
        flushQueue.ready(this);
      }
      return Optional.ofNullable(reached);
    } finally {
      fileLock.unlock();
    }
  }

  private void flushed() {
    long before;
    long after;
    synchronized (lock) {
      long readable = pending.readableEnd(files.end());
      before = tail.pinnedBytes();
      // First, so that whoever does not find a batch in memory any more looks into the files.
      readableEnd = readable;
      tail.flushed(readable);
      after = tail.pinnedBytes();
    }
    flushQueue.pending(this, after - before);
  }

  /** Makes durable what was done to the files before. Blocks. */
  public void sync() throws IOException {
    fileLock.lock();
    try {
      if (!discarded) {
        files.sync();
      }
    } finally {
      fileLock.unlock();
    }
  }

  /** The state that {@link #flush} returned is durable and committed. */
  public void checkpointed(ReachedState state) {
    synchronized (lock) {
      pending.committed(state.checkpoint().number());
      unmarked.committed(state);
      if (state.marked()) {
        durable.markCommitted();
      }
    }
    compaction.removeSuperseded(state);
    if (!state.marked()) {
      flushQueue.ready(this);
    }
  }

  // ---- readers

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
   * Batches from disk, from the one that holds the offset on, or from memory if they are not on
   * disk yet. Everything about them is checked. Any thread; blocks.
   *
   * @param maxBytes more only if the first batch alone is larger
   * @param upTo no batch that reaches beyond this offset
   * @throws CorruptLogException if they are not what was written
   */
  public LogSlice read(long offset, int maxBytes, long upTo) throws IOException {
    return reads.read(offset, maxBytes, upTo);
  }

  /**
   * The first batch whose largest timestamp is at or after the time. Any thread; blocks.
   *
   * @param upTo only batches that end at or below the offset
   */
  public Optional<TimestampOffset> find(long timestampMs, long upTo) throws IOException {
    return reads.find(timestampMs, upTo);
  }

  /**
   * The first batch with the largest timestamp of all. Any thread; blocks.
   *
   * @param upTo only batches that end at or below the offset
   */
  public Optional<TimestampOffset> newest(long upTo) throws IOException {
    return reads.newest(upTo);
  }
}
