// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.util.concurrent.TimeUnit;

/**
 * What of a log is in no checkpoint yet, and whether one is on its way. Not thread-safe: guarded by
 * the log's lock.
 */
final class Unmarked {
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** What recovery may have to scan, and a power failure may take: so much of a log. */
  private static final long MAX_UNSYNCED_BYTES = 64 << 20;

  private static final long MAX_UNSYNCED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private long lastNumber;

  /** The first entry that is not in a checkpoint. */
  private long neededNumber = PartitionLog.NONE;

  /** The first entry after the mark that is on its way. */
  private long neededAfterMark = PartitionLog.NONE;

  private long sinceNanos;

  /** Bytes that the journal does not have and no checkpoint has synced. */
  private long unsyncedBytes;

  private long unsyncedAfterMark;
  private long unsyncedSinceNanos;
  private boolean marked;

  /**
   * Nothing.
   *
   * @param lastNumber the last entry that is in a checkpoint
   */
  Unmarked(long lastNumber) {
    this.lastNumber = lastNumber;
  }

  /** The last journal entry of the log. */
  long lastNumber() {
    return lastNumber;
  }

  /** The first journal entry that recovery would need, or {@link PartitionLog#NONE}. */
  long neededNumber() {
    return neededNumber;
  }

  /** Whether a mark is on its way. */
  boolean marked() {
    return marked;
  }

  /** Whether everything is in a checkpoint. */
  boolean isEmpty() {
    return !marked && neededNumber == PartitionLog.NONE && unsyncedBytes == 0;
  }

  /** Whether entries up to the number are in no checkpoint, or too much is for too long. */
  boolean isDue(long upTo, long nowNanos) {
    boolean entries =
        neededNumber != PartitionLog.NONE
            && (neededNumber <= upTo || nowNanos - sinceNanos >= MAX_AGE_NANOS);
    boolean unsynced =
        unsyncedBytes >= MAX_UNSYNCED_BYTES
            || (unsyncedBytes > 0 && nowNanos - unsyncedSinceNanos >= MAX_UNSYNCED_NANOS);
    return entries || unsynced;
  }

  /** So much goes to the files without the journal. */
  void unsynced(long bytes) {
    if (unsyncedBytes == 0) {
      unsyncedSinceNanos = System.nanoTime();
    }
    unsyncedBytes += bytes;
    unsyncedAfterMark += bytes;
  }

  /** Something was put down in the journal. */
  void noted(long number) {
    lastNumber = number;
    if (neededNumber == PartitionLog.NONE) {
      neededNumber = number;
      sinceNanos = System.nanoTime();
    }
    if (marked && neededAfterMark == PartitionLog.NONE) {
      neededAfterMark = number;
    }
  }

  /** A mark sets out. */
  void markBegins() {
    marked = true;
    unsyncedAfterMark = 0;
    neededAfterMark = PartitionLog.NONE;
  }

  /** It came to nothing, if it did. */
  void markVoid(boolean isVoid) {
    marked &= !isVoid;
  }

  /** The state is in a checkpoint. */
  void committed(ReachedState state) {
    if (state.marked()) {
      marked = false;
      neededNumber = neededAfterMark;
      neededAfterMark = PartitionLog.NONE;
      unsyncedBytes = unsyncedAfterMark;
      unsyncedSinceNanos = System.nanoTime();
    } else {
      neededNumber = Math.max(neededNumber, state.checkpoint().number() + 1);
    }
    sinceNanos = System.nanoTime();
  }
}
