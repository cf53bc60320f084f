// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/**
 * When a leader that cannot commit gives way (REPLICATION.md, rule 25): after a while in which
 * nothing but its own connections stood in the way. Each further time it waits twice as long, also
 * across leader epochs, so that replicas none of which reaches another do not pass the leadership
 * around for ever; once it could commit, it starts anew. Not thread-safe.
 */
final class Resignation {
  static final long MAX_WAIT_MS = 60_000;
  private static final long NOT_STUCK = -1;

  private final long firstWaitMs;
  private long waitMs;
  private long stuckSinceMs = NOT_STUCK;

  /**
   * Nothing has happened yet.
   *
   * @param firstWaitMs how long to be stuck before resigning for the first time
   */
  Resignation(long firstWaitMs) {
    this.firstWaitMs = firstWaitMs;
    this.waitMs = firstWaitMs;
  }

  /** Nothing is in the way at this moment; how often it resigned before still counts. */
  void notStuck() {
    stuckSinceMs = NOT_STUCK;
  }

  /** It can commit: whatever was before is forgiven. */
  void canCommit() {
    stuckSinceMs = NOT_STUCK;
    waitMs = firstWaitMs;
  }

  /** Others could commit where it cannot. Returns whether it is to resign now. */
  boolean stuck(long nowMs) {
    if (stuckSinceMs == NOT_STUCK) {
      stuckSinceMs = nowMs;
    }
    if (nowMs - stuckSinceMs < waitMs) {
      return false;
    }
    stuckSinceMs = nowMs;
    waitMs = Math.max(firstWaitMs, Math.min(2 * waitMs, MAX_WAIT_MS));
    return true;
  }
}
