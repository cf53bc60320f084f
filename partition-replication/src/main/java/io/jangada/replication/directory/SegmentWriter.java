// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.log.CorruptLogException;
import io.jangada.replication.log.Durability;
import io.jangada.replication.log.OpenFiles;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.ReachedState;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes the segments of one log directory: what waits in memory goes out log by
 * log, in runs that are worth it, and the checkpoints are committed. A full disk is waited out:
 * until there is room the journal and the memory hold what there is.
 */
final class SegmentWriter {
  private static final Logger logger = LoggerFactory.getLogger(SegmentWriter.class);
  private static final long NEVER = Long.MIN_VALUE;
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long IDLE_FILE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** How long the commit waits for other logs that reach their marks. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * Few enough for their files to be open still: an error that the kernel noted is told to them.
   */
  private static final int MAX_UNSYNCED_LOGS = 32;

  private static final long MAX_CLOSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path directory;
  private final Storage storage;
  private final OpenFiles openFiles;
  private final PendingFlushes flushes;
  private final Checkpoints checkpoints;
  private final Consumer<IOException> onFailure;
  private final long maxPendingBytes;
  private final ByteBuffer slab;
  private final Map<PartitionLog, DirectoryLog> byLog = new ConcurrentHashMap<>();
  private final Queue<Doomed> doomed = new ConcurrentLinkedQueue<>();
  private final Queue<Kept> toKeep = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean parked;
  private volatile boolean woken;
  private volatile boolean closing;
  private volatile boolean aborted;
  private volatile long closeByNanos;
  private volatile boolean full;

  /** Since when something is written that is durable by that; {@link #NEVER} if nothing is. */
  private volatile long writingSinceNanos = NEVER;

  private long fullUntilNanos;
  private long nextTickNanos = System.nanoTime();
  private long firstReachedNanos;

  private final List<Unsynced> unsynced = new ArrayList<>();

  /** A log that has reached a mark, but not durably yet. */
  private record Unsynced(DirectoryLog log, ReachedState state) {}

  /** A log to be removed; {@code log} is null where there was none that could be opened. */
  private record Doomed(
      TopicIdPartition partition, @Nullable PartitionLog log, Path from, Path to, Runnable done) {}

  /** A log to be moved aside whole; {@code log} is null where there was none to be opened. */
  private record Kept(@Nullable PartitionLog log, Path from, Path to, Runnable then) {}

  SegmentWriter(
      Path directory,
      OpenFiles openFiles,
      Storage storage,
      PendingFlushes flushes,
      Checkpoints checkpoints,
      ByteBuffer slab,
      long maxPendingBytes,
      Consumer<IOException> onFailure) {
    this.directory = directory;
    this.storage = storage;
    this.openFiles = openFiles;
    this.flushes = flushes;
    this.checkpoints = checkpoints;
    this.slab = slab;
    this.maxPendingBytes = maxPendingBytes;
    this.onFailure = onFailure;
    thread = new Thread(this::run, "jangada-segments-" + directory.getFileName());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Writes for this log as well from now on. Any thread. */
  void add(DirectoryLog log) {
    byLog.put(log.log(), log);
  }

  /** Whether there was no room for the last write. Any thread. */
  boolean full() {
    return full;
  }

  /** Milliseconds since the write under way began for which acknowledgements wait. Any thread. */
  long oldestWriteAgeMs() {
    long since = writingSinceNanos;
    return since == NEVER ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
  }

  /** Removes a log whose removal is durable in the journal. Any thread. */
  void remove(
      TopicIdPartition partition, @Nullable PartitionLog log, Path from, Path to, Runnable done) {
    doomed.add(new Doomed(partition, log, from, to, done));
    wake();
  }

  /**
   * Moves a log aside with all that is in it, and writes no more for it. Any thread.
   *
   * @param then called by this thread once that is durable
   */
  void keepAside(@Nullable PartitionLog log, Path from, Path to, Runnable then) {
    toKeep.add(new Kept(log, from, to, then));
    wake();
  }

  /** Has the thread look at what there is. Any thread. */
  void wake() {
    woken = true;
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Ends the thread once every mark is committed, if there is room for it. Waits for it. */
  void close() {
    closeByNanos = System.nanoTime() + MAX_CLOSE_NANOS;
    closing = true;
    wake();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing || !mayEnd()) {
        woken = false;
        pass();
        park();
      }
    } catch (IOException e) {
      onFailure.accept(e);
    } catch (RuntimeException e) {
      // A defect must not look like a disk that takes its time.
      onFailure.accept(new IOException("a defect while writing segments", e));
    }
  }

  /** Ends the thread as soon as it can. Any thread. */
  void abort() {
    aborted = true;
    closing = true;
    wake();
  }

  private boolean mayEnd() {
    return aborted || full || System.nanoTime() - closeByNanos >= 0 || checkpoints.isClean();
  }

  private void pass() throws IOException {
    long nowNanos = System.nanoTime();
    if (full && nowNanos - fullUntilNanos < 0) {
      return;
    }
    try {
      moveAside();
      removeDoomed();
      flushReady();
      flushMarked();
      relieve();
      sync();
      if (nowNanos - nextTickNanos >= 0) {
        nextTickNanos = nowNanos + TICK_NANOS;
        openFiles.closeIdle(IDLE_FILE_NANOS);
        checkpoints.request();
      } else if (checkpoints.isAsked()) {
        checkpoints.request();
      }
      commit();
      checkpoints.release();
      if (full) {
        full = false;
        logger.info("{}: there is room again", directory);
      }
    } catch (IOException e) {
      if (!FullDisk.is(e)) {
        throw e;
      }
      if (!full) {
        logger.warn("{}: no room; what waits is written when there is", directory, e);
      }
      full = true;
      fullUntilNanos = System.nanoTime() + TICK_NANOS;
    }
  }

  private void commit() throws IOException {
    if (!checkpoints.anyReached()) {
      firstReachedNanos = 0;
      return;
    }
    long nowNanos = System.nanoTime();
    if (firstReachedNanos == 0) {
      firstReachedNanos = nowNanos;
    }
    if (nowNanos - firstReachedNanos >= GATHER_NANOS) {
      checkpoints.commit();
      firstReachedNanos = 0;
    }
  }

  /** Those that are ready now; what comes meanwhile waits for the commit of what was reached. */
  private void flushReady() throws IOException {
    for (int left = flushes.readyLogs(); left > 0; left--) {
      Optional<PartitionLog> log = flushes.poll();
      if (log.isEmpty()) {
        return;
      }
      try {
        flush(log.get());
      } catch (IOException e) {
        flushes.ready(log.get());
        throw e;
      }
    }
  }

  /**
   * A journal that is full makes nothing durable for which the marks could wait: what they wait for
   * goes into the segments without it.
   */
  private void flushMarked() throws IOException {
    if (!checkpoints.journalFull()) {
      return;
    }
    for (PartitionLog log : byLog.keySet()) {
      if (log.progress().isMarked()) {
        flush(log);
      }
    }
  }

  /** Writes what is largest until not too much is left in memory. */
  private void relieve() throws IOException {
    while (flushes.bytes() > maxPendingBytes) {
      Optional<PartitionLog> largest = flushes.largest();
      if (largest.isEmpty()) {
        return;
      }
      flush(largest.get());
    }
  }

  /** Writes what can be written of one log. */
  void flush(PartitionLog log) throws IOException {
    DirectoryLog owned = byLog.get(log);
    if (owned == null) {
      return;
    }
    if (log.progress().durability() == Durability.MEMORY) {
      writingSinceNanos = System.nanoTime();
    }
    try {
      Optional<ReachedState> reached = log.flush(slab, checkpoints.journalFull());
      owned.written(System.nanoTime());
      if (reached.isPresent()) {
        unsynced.add(new Unsynced(owned, reached.get()));
      }
    } catch (CorruptLogException e) {
      logger.error("{}: damage found while writing", owned, e);
      damaged(owned, String.valueOf(e.getMessage()));
      LogOwner owner = owned.owner();
      if (owner != null) {
        owner.damaged(String.valueOf(e.getMessage()));
      }
    } finally {
      writingSinceNanos = NEVER;
    }
    if (unsynced.size() >= MAX_UNSYNCED_LOGS) {
      sync();
    }
  }

  /**
   * Syncs the logs that have reached their marks. Many in a row, because the first sync has the
   * file system commit what was done to the files of all.
   */
  private void sync() throws IOException {
    for (Unsynced each : unsynced) {
      try {
        each.log().log().sync();
      } catch (IOException e) {
        // Not even a full disk allows another attempt: the system has forgotten what it held.
        throw new IOException(each.log() + " may have lost what was written to its segments", e);
      }
      checkpoints.reached(each.log(), each.state());
    }
    unsynced.clear();
  }

  /** Writes no more for the log, and notes why. Any thread. */
  void damaged(DirectoryLog log, String reason) {
    byLog.remove(log.log());
    flushes.forget(log.log());
    log.log().abandon();
    checkpoints.damaged(log, reason);
  }

  private void moveAside() throws IOException {
    for (Kept next = toKeep.peek(); next != null; next = toKeep.peek()) {
      PartitionLog log = next.log();
      if (log != null && byLog.containsKey(log)) {
        sync();
        flushWhole(log);
        log.sync();
        byLog.remove(log);
        log.discard();
        flushes.forget(log);
      }
      if (storage.exists(next.from())) {
        storage.replace(next.from(), next.to());
        Path parent = next.to().getParent();
        if (parent != null) {
          storage.syncDirectory(parent);
        }
        storage.syncDirectory(directory);
      }
      toKeep.poll();
      next.then().run();
    }
  }

  /** A damaged one is left as it is. */
  private void flushWhole(PartitionLog log) throws IOException {
    try {
      var unused = log.flush(slab, true);
    } catch (CorruptLogException e) {
      logger.error("{}: damage found while writing; it is moved aside as it is", log, e);
    }
  }

  private void removeDoomed() throws IOException {
    Doomed next = doomed.peek();
    boolean any = false;
    while (next != null) {
      PartitionLog log = next.log();
      if (log != null) {
        byLog.remove(log);
        log.discard();
        flushes.forget(log);
      }
      if (storage.exists(next.from())) {
        storage.replace(next.from(), next.to());
        Path parent = next.to().getParent();
        if (parent != null && !parent.equals(directory)) {
          storage.syncDirectory(parent);
        }
        any = true;
      }
      checkpoints.removed(new Checkpoints.Removal(next.partition(), next.done()));
      doomed.poll();
      next = doomed.peek();
    }
    if (any) {
      storage.syncDirectory(directory);
    }
  }

  private void park() {
    parked = true;
    if (!woken) {
      boolean soon = closing || checkpoints.anyReached();
      LockSupport.parkNanos(this, soon ? GATHER_NANOS : TICK_NANOS);
    }
    parked = false;
  }
}
