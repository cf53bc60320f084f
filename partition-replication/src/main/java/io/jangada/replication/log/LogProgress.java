// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.util.Optional;

/** How far a log has come on its way to its files and into checkpoints. Thread-safe. */
public final class LogProgress {
  private final Object lock;
  private final LogFiles files;
  private final PendingOperations pending;
  private final Unmarked unmarked;
  private final DurableEnd durable;

  /** Of one log, whose lock guards all but the files. */
  LogProgress(
      Object lock,
      LogFiles files,
      PendingOperations pending,
      Unmarked unmarked,
      DurableEnd durable) {
    this.lock = lock;
    this.files = files;
    this.pending = pending;
    this.unmarked = unmarked;
    this.durable = durable;
  }

  /** How the log is durable from the last change on. */
  public Durability durability() {
    synchronized (lock) {
      return durable.durability();
    }
  }

  /** Up to where the log is durable, if that is more than at the last call. */
  public Optional<LogEnd> durableAdvanced() {
    synchronized (lock) {
      return Optional.ofNullable(durable.advanced(files.end()));
    }
  }

  /** Bytes that could be written to the segments now. */
  public long writableBytes() {
    synchronized (lock) {
      return pending.writableBytes();
    }
  }

  /** Whether that is worth it. What is durable in memory is written at once. */
  public boolean isReady() {
    synchronized (lock) {
      long worth = durable.durability() == Durability.MEMORY ? 1 : PartitionLog.WORTHWHILE_BYTES;
      return pending.writableBytes() >= worth;
    }
  }

  /** The first journal entry that recovery would need, or {@link PartitionLog#NONE}. */
  public long neededNumber() {
    synchronized (lock) {
      return unmarked.neededNumber();
    }
  }

  /**
   * Whether the log's state should be put down.
   *
   * @param upTo the journal needs all entries up to it in checkpoints
   * @param nowNanos by {@link System#nanoTime}
   */
  public boolean isCheckpointDue(long upTo, long nowNanos) {
    synchronized (lock) {
      return unmarked.isDue(upTo, nowNanos) || !durable.isSettled() || files.hasSuperseded();
    }
  }

  /** Whether a mark is on its way. */
  public boolean isMarked() {
    synchronized (lock) {
      return unmarked.marked();
    }
  }

  /** Whether {@link PartitionLog#rest} has come to its end. */
  public boolean isAtRest() {
    synchronized (lock) {
      boolean synced = durable.durability() == Durability.FSYNC || !durable.isAssigned();
      return synced && unmarked.isEmpty() && durable.isSettled() && !files.hasSuperseded();
    }
  }
}
