// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does to the files of a log what was done to the log, operation by operation. Called by one thread
 * at a time, which holds the log's file lock.
 */
final class LogFlusher {
  private final LogFiles files;
  private final TailCache.Tail tail;
  private final PendingOperations pending;
  private final Object lock;
  private final Runnable flushed;
  private final BooleanSupplier discarded;

  private boolean leftSome;

  /** An entry whose state was returned to be committed. */
  private long awaitedNumber;

  /**
   * A flusher.
   *
   * @param lock guards the pending operations
   * @param flushed to be called after each step, without the lock
   * @param discarded whether the files are not to be touched any more
   */
  LogFlusher(
      LogFiles files,
      TailCache.Tail tail,
      PendingOperations pending,
      Object lock,
      Runnable flushed,
      BooleanSupplier discarded) {
    this.files = files;
    this.tail = tail;
    this.pending = pending;
    this.lock = lock;
    this.flushed = flushed;
    this.discarded = discarded;
  }

  /** Whether the last run left what came while it ran: a log that grows must not hold up others. */
  boolean leftSome() {
    return leftSome;
  }

  /** As {@link PartitionLog#flush}. */
  @Nullable ReachedState run(ByteBuffer slab, boolean ahead, SegmentLimits limits)
      throws IOException {
    ReachedState reached = null;
    int left;
    synchronized (lock) {
      left = pending.size() + 1;
    }
    while (!discarded.getAsBoolean() && reached == null && left > 0) {
      left--;
      LogOperation next;
      boolean safe;
      List<ByteBuffer> batches = List.of();
      synchronized (lock) {
        next = pending.next(files.end(), ahead);
        safe = next != null && pending.isSafe(next);
        if (next instanceof LogOperation.Batches) {
          batches = tail.batches(files.end(), pending.writableEnd(ahead));
        }
      }
      if (next == null) {
        break;
      }
      reached =
          next instanceof LogOperation.Batches ? write(batches, slab, limits) : change(next, safe);
      if (reached == null && !safe && !(next instanceof LogOperation.Batches)) {
        break;
      }
    }
    leftSome = reached != null || left == 0;
    return reached;
  }

  private @Nullable ReachedState change(LogOperation next, boolean safe) throws IOException {
    return switch (next) {
      case LogOperation.Batches ignored -> null;
      case LogOperation.Truncate truncate ->
          safe
              ? done(truncate, () -> files.truncate(truncate.toOffset()))
              : stateBefore(
                  truncate.number(), truncate.capture(), files.statesUpTo(truncate.toOffset()));
      case LogOperation.Reset reset ->
          safe
              ? done(reset, () -> files.reset(reset.toOffset()))
              : stateBefore(reset.number(), reset.capture(), List.of());
      case LogOperation.LogStart logStart ->
          done(logStart, () -> files.removeBelow(logStart.offset()));
      case LogOperation.Mark mark -> reach(mark);
    };
  }

  private @Nullable ReachedState write(
      List<ByteBuffer> batches, ByteBuffer slab, SegmentLimits limits) throws IOException {
    try {
      files.append(batches, slab, limits);
    } finally {
      flushed.run();
    }
    return null;
  }

  private interface FileChange {
    void run() throws IOException;
  }

  private @Nullable ReachedState done(LogOperation operation, FileChange change)
      throws IOException {
    change.run();
    synchronized (lock) {
      // Unless it was made void meanwhile.
      if (pending.isFirst(operation)) {
        pending.done();
      }
    }
    flushed.run();
    return null;
  }

  private @Nullable ReachedState reach(LogOperation.Mark mark) throws IOException {
    LogCapture capture = mark.capture();
    if (files.end() != capture.endOffset()) {
      throw new IllegalStateException(
          "expected the files to end at " + capture.endOffset() + ", but it is " + files.end());
    }
    LogCheckpoint state =
        state(
            mark.number(),
            capture,
            files.lastBatchPosition(),
            files.statesUpTo(capture.endOffset()));
    synchronized (lock) {
      if (!pending.isFirst(mark)) {
        // Made void by a truncation in between.
        return null;
      }
      pending.done();
      return new ReachedState(state, true, files.replacements());
    }
  }

  /** The state that has to be committed before the files may be cut. */
  private @Nullable ReachedState stateBefore(
      long number, LogCapture capture, List<LogCheckpoint.Segment> segments) {
    if (number == awaitedNumber) {
      return null;
    }
    awaitedNumber = number;
    LogCheckpoint state = state(number, capture, LogCheckpoint.NO_POSITION, segments);
    return new ReachedState(state, false, files.replacements());
  }

  private static LogCheckpoint state(
      long number,
      LogCapture capture,
      int lastBatchPosition,
      List<LogCheckpoint.Segment> segments) {
    return new LogCheckpoint(
        number,
        capture.endOffset(),
        lastBatchPosition,
        segments,
        capture.logStartOffset(),
        capture.highWatermark(),
        capture.epochs(),
        capture.durability(),
        capture.producers());
  }
}
