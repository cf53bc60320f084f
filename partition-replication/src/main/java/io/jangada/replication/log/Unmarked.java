// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/**
 * What of a log is in no checkpoint yet, and whether one is on its way. Not thread-safe: guarded by
 * the log's lock.
 */
final class Unmarked {
  private long lastNumber;

  /** The first entry that is not in a checkpoint. */
  private long neededNumber = PartitionLog.NONE;

  /** The first entry after the mark that is on its way. */
  private long neededAfterMark = PartitionLog.NONE;

  private long sinceNanos;
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

  /** Whether entries up to the number, or any that are as old as that, are in no checkpoint. */
  boolean isDue(long upTo, long beforeNanos) {
    return neededNumber != PartitionLog.NONE
        && (neededNumber <= upTo || sinceNanos - beforeNanos <= 0);
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
    neededAfterMark = PartitionLog.NONE;
  }

  /** It came to nothing. */
  void markVoid() {
    marked = false;
  }

  /** The state is in a checkpoint. */
  void committed(ReachedState state) {
    if (state.marked()) {
      marked = false;
      neededNumber = neededAfterMark;
      neededAfterMark = PartitionLog.NONE;
    } else {
      neededNumber = Math.max(neededNumber, state.checkpoint().number() + 1);
    }
    sinceNanos = System.nanoTime();
  }
}
