// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.log.LogOperation.Batches;
import io.jangada.replication.log.LogOperation.LogStart;
import io.jangada.replication.log.LogOperation.Mark;
import io.jangada.replication.log.LogOperation.Reset;
import io.jangada.replication.log.LogOperation.Truncate;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a log and not yet to its files, in order. The files are always in the state that
 * the log had before the first of these. Not thread-safe: guarded by the log's lock.
 */
final class PendingOperations {
  /** Readers may use no file at all: a reset waits. */
  static final long NOTHING = Long.MIN_VALUE;

  /** Null while nothing waits, which is the state of most logs at most times. */
  private @Nullable ArrayDeque<LogOperation> operations;

  private long durableNumber;

  /** What is done up to there is in a checkpoint. */
  private long committedNumber;

  /** Bytes of batches at the beginning of the queue that may be written now. */
  private long writableBytes;

  boolean isEmpty() {
    return operations == null || operations.isEmpty();
  }

  int size() {
    return operations == null ? 0 : operations.size();
  }

  long writableBytes() {
    return writableBytes;
  }

  long durableNumber() {
    return durableNumber;
  }

  void add(LogOperation operation) {
    if (operations == null) {
      operations = new ArrayDeque<>();
    }
    operations.addLast(operation);
    if (operation instanceof Batches batches) {
      if (operation.number() <= durableNumber) {
        writableBytes += batches.sizeBytes();
      }
    }
  }

  /** What is done up to there is in a checkpoint. */
  void committed(long number) {
    committedNumber = Math.max(committedNumber, number);
  }

  /** Whether the files may be cut as the operation says: it would be done again after a crash. */
  boolean isSafe(LogOperation operation) {
    return operation.number() <= Math.max(durableNumber, committedNumber);
  }

  /** The journal is durable up to there. */
  void durable(long number) {
    if (number <= durableNumber) {
      return;
    }
    if (operations != null) {
      for (LogOperation each : operations) {
        if (each.number() > number) {
          break;
        }
        if (each instanceof Batches batches && each.number() > durableNumber) {
          writableBytes += batches.sizeBytes();
        }
      }
    }
    durableNumber = number;
  }

  /** Takes out what a truncation makes void; returns true if a mark was among it. */
  boolean cutFrom(long toOffset) {
    if (operations == null) {
      return false;
    }
    boolean markVoid = false;
    ArrayDeque<LogOperation> kept = new ArrayDeque<>();
    long before = Long.MIN_VALUE;
    for (LogOperation each : operations) {
      switch (each) {
        case Batches batches -> {
          if (batches.endOffset() <= toOffset) {
            kept.add(batches);
          } else if (before < toOffset) {
            // The truncation may end within what was appended at once.
            kept.add(new Batches(batches.number(), toOffset, batches.sizeBytes()));
          } else {
            forget(batches);
          }
          before = Math.max(before, Math.min(batches.endOffset(), toOffset));
        }
        case Mark mark -> {
          if (mark.capture().endOffset() <= toOffset) {
            kept.add(mark);
          } else {
            markVoid = true;
          }
        }
        case Truncate truncate -> {
          if (truncate.toOffset() <= toOffset) {
            kept.add(truncate);
          }
          before = Math.min(before, truncate.toOffset());
        }
        case Reset reset -> {
          kept.add(reset);
          before = reset.toOffset();
        }
        case LogStart logStart -> kept.add(logStart);
      }
    }
    operations = kept;
    return markVoid;
  }

  /** Takes out everything that a reset makes void; returns true if there was a mark. */
  boolean clear() {
    boolean markVoid = false;
    if (operations != null) {
      for (LogOperation each : operations) {
        markVoid |= each instanceof Mark;
      }
      operations = null;
    }
    writableBytes = 0;
    return markVoid;
  }

  /**
   * What may be done to the files next, or null.
   *
   * @param fileEnd where the files end; batches below it are in them
   * @param ahead whether to go on with what the journal has not made durable yet
   */
  @Nullable LogOperation next(long fileEnd, boolean ahead) {
    int passedOver = 0;
    while (operations != null && passedOver < operations.size()) {
      LogOperation first = operations.getFirst();
      switch (first) {
        case Batches batches -> {
          if (!isSafe(batches) && !ahead) {
            return null;
          }
          if (batches.endOffset() > fileEnd) {
            return batches;
          }
          done();
        }
        case LogStart logStart -> {
          if (isSafe(logStart) || !ahead) {
            return isSafe(logStart) ? logStart : null;
          }
          // It may be done at any later time: files stay a little longer.
          operations.addLast(operations.removeFirst());
          passedOver++;
        }
        case Truncate truncate -> {
          return isSafe(truncate) || ahead ? truncate : null;
        }
        case Reset reset -> {
          return isSafe(reset) || ahead ? reset : null;
        }
        case Mark mark -> {
          return isSafe(mark) || ahead ? mark : null;
        }
      }
    }
    if (operations != null && operations.isEmpty()) {
      operations = null;
    }
    return null;
  }

  /** The end of the batches that may be written in a row. */
  long writableEnd(boolean ahead) {
    long end = Long.MIN_VALUE;
    if (operations != null) {
      for (LogOperation each : operations) {
        if (!(each instanceof Batches batches) || (!isSafe(each) && !ahead)) {
          break;
        }
        end = batches.endOffset();
      }
    }
    return end;
  }

  boolean isFirst(LogOperation operation) {
    return operations != null && operations.peekFirst() == operation;
  }

  /** The first operation is done. */
  void done() {
    if (operations != null && operations.pollFirst() instanceof Batches batches) {
      forget(batches);
    }
  }

  private void forget(Batches batches) {
    if (batches.number() <= durableNumber) {
      writableBytes -= batches.sizeBytes();
    }
  }

  /** Up to where readers may use the files. */
  long readableEnd(long fileEnd) {
    long readable = fileEnd;
    if (operations != null) {
      Iterator<LogOperation> all = operations.iterator();
      while (all.hasNext()) {
        switch (all.next()) {
          case Truncate truncate -> readable = Math.min(readable, truncate.toOffset());
          case Reset ignored -> readable = NOTHING;
          case Batches ignored -> {}
          case LogStart ignored -> {}
          case Mark ignored -> {}
        }
      }
    }
    return readable;
  }
}
