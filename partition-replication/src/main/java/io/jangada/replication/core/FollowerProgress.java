// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import org.jspecify.annotations.Nullable;

/** What a leader knows of one follower in this leader epoch. Not thread-safe. */
final class FollowerProgress {
  /** Nothing is known: less than any offset. */
  static final long UNKNOWN = -1;

  private final int brokerId;
  private @Nullable FollowerSession latest;
  private boolean connected;
  private long durableLeo = UNKNOWN;
  private boolean refused;

  /** The last moment at which the follower surely had everything there was. */
  private long caughtUpMs;

  /** Where the log ended at {@link #markMs}: reaching it proves being caught up then. */
  private long markOffset;

  private long markMs;

  /** When the follower last subscribed or had more than before. */
  private long progressMs;

  /** A follower gets the benefit of the doubt when the epoch begins. */
  FollowerProgress(int brokerId, long logEndOffset, long nowMs) {
    this.brokerId = brokerId;
    this.caughtUpMs = nowMs;
    this.markOffset = logEndOffset;
    this.markMs = nowMs;
  }

  int brokerId() {
    return brokerId;
  }

  /** The session that lasts, or null. */
  @Nullable FollowerSession session() {
    return connected ? latest : null;
  }

  long durableLeo() {
    return durableLeo;
  }

  boolean isCurrent(FollowerSession other) {
    return connected && other.equals(latest);
  }

  /** Whether the session was replaced by a later one of the same process or of a later process. */
  boolean isStale(FollowerSession other) {
    FollowerSession seen = latest;
    return seen != null
        && (other.brokerEpoch() < seen.brokerEpoch()
            || (other.brokerEpoch() == seen.brokerEpoch() && other.session() <= seen.session()));
  }

  void subscribed(FollowerSession session, long nowMs) {
    progressMs = nowMs;
    latest = session;
    connected = true;
    durableLeo = UNKNOWN;
    refused = false;
  }

  /** The follower's log cannot be continued: it is not in sync, whatever it was. */
  void refused() {
    refused = true;
  }

  /** The session is over, and with it what was known. */
  void gone(long logEndOffset, long nowMs) {
    if (durableLeo >= logEndOffset) {
      caughtUpMs = nowMs;
    }
    connected = false;
    durableLeo = UNKNOWN;
  }

  /** Returns true if the follower has more than was known. */
  boolean acked(long newDurableLeo, long logEndOffset, long nowMs) {
    if (newDurableLeo >= logEndOffset) {
      caughtUpMs = nowMs;
    } else if (newDurableLeo >= markOffset) {
      caughtUpMs = Math.max(caughtUpMs, markMs);
    }
    if (newDurableLeo >= markOffset) {
      markOffset = logEndOffset;
      markMs = nowMs;
    }
    if (newDurableLeo <= durableLeo) {
      return false;
    }
    durableLeo = newDurableLeo;
    progressMs = nowMs;
    return true;
  }

  /** Whether it is connected, and was so or got on within that time. */
  boolean gotOnWithin(long periodMs, long nowMs) {
    return connected && nowMs - progressMs <= periodMs;
  }

  /** Notes that time passes while the follower has everything there is. */
  void tick(long logEndOffset, long nowMs) {
    if (durableLeo >= logEndOffset) {
      caughtUpMs = nowMs;
    }
  }

  /** The leader itself stood still: that is not the follower's fault. */
  void forgive(long nowMs) {
    caughtUpMs = nowMs;
  }

  /** Whether the follower has not had, for that long, what the leader had before. */
  boolean lags(long logEndOffset, long nowMs, long lagTimeMaxMs) {
    return refused || (durableLeo < logEndOffset && nowMs - caughtUpMs > lagTimeMaxMs);
  }
}
