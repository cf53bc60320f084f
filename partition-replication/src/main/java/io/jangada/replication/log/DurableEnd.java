// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import org.jspecify.annotations.Nullable;

/**
 * Up to where a log may be called durable: as far as the journal goes, or, if it is durable in
 * memory, as far as its files do.
 *
 * <p>At some points journal and files alone would not tell recovery what was in the log: where one
 * kind of durability follows upon the other, and where a memory-durable log is cut, because what
 * comes after is numbered nowhere. From such a <em>turn</em> on nothing more is called durable
 * until a checkpoint marked behind it is committed.
 *
 * <p>Not thread-safe: guarded by the log's lock.
 */
final class DurableEnd {
  private Durability durability;
  private LogEnd journaled;

  /** Of the checkpoint that settled the last turn. */
  private LogEnd settled;

  /** Where the log ended at the mark that is on its way. */
  private LogEnd markedAt;

  private int turns;
  private int markedTurns;
  private int settledTurns;
  private boolean live;
  private volatile boolean assigned;
  private @Nullable LogEnd told;

  /** Of a log that is being recovered: everything in it is durable, and nobody is told. */
  DurableEnd(Durability durability, LogEnd end) {
    this.durability = durability;
    journaled = end;
    settled = end;
    markedAt = end;
  }

  Durability durability() {
    return durability;
  }

  /** Ends recovery: everything up to there is durable. */
  void goLive(LogEnd end) {
    live = true;
    journaled = end;
    settled = end;
    markedAt = end;
    settledTurns = turns;
    told = end;
  }

  /** The cluster has said how the log is to be durable. */
  void assigned() {
    assigned = true;
  }

  /** Whether it has; any thread. */
  boolean isAssigned() {
    return assigned;
  }

  /** The log is durable in another way from here on; only where the last turn is settled. */
  void turn(Durability next) {
    durability = next;
    turns++;
  }

  /** The log is cut. */
  void cut() {
    if (live && durability == Durability.MEMORY) {
      turns++;
    }
  }

  /** Whether every turn is in a checkpoint. */
  boolean isSettled() {
    return settledTurns == turns;
  }

  /** A mark sets out from where the log ends. */
  void markBegins(LogEnd end) {
    markedTurns = turns;
    markedAt = end;
  }

  /** That mark is committed. */
  void markCommitted() {
    if (markedTurns > settledTurns) {
      settledTurns = markedTurns;
      settled = markedAt;
    }
  }

  /** The journal is durable up to where the log ended then. */
  void journaled(LogEnd end) {
    journaled = LogEnd.later(journaled, end);
  }

  /**
   * Up to where the log is durable, if that is more than at the last call, or null.
   *
   * @param fileEnd where the files end
   */
  @Nullable LogEnd advanced(long fileEnd) {
    if (!isSettled()) {
      return null;
    }
    LogEnd end =
        switch (durability) {
          case FSYNC -> LogEnd.later(journaled, settled);
          case MEMORY -> new LogEnd(fileEnd, settled.generation());
        };
    boolean more = !end.equals(told);
    told = end;
    return more ? end : null;
  }
}
