// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.JangadaException;
import io.jangada.groups.GroupAdmin.Described;
import io.jangada.groups.GroupAdmin.GroupPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group with its offsets, and how it gets on. Immutable.
 *
 * @param group with its members
 * @param offsets one for each partition with a committed offset or a member, in order
 * @param judgement how it gets on
 * @param watchedSinceMs since when its offsets have been looked at: nothing older went into the
 *     judgement
 */
public record GroupReport(
    Described group, List<Offset> offsets, Judgement judgement, long watchedSinceMs) {
  /** No committed offset, end or lag is known. */
  public static final long UNKNOWN = -1;

  /** It does not wait. */
  public static final long NEVER = 0;

  /** How a group gets on. */
  public enum Verdict {
    /** Has no members, or they have read everything. */
    IDLE,
    /** Reads, and keeps up or catches up. */
    MOVING,
    /** Reads, and falls further behind. */
    SLOW,
    /** Has members, and there is something to read in a partition in which nothing moves. */
    STUCK
  }

  /**
   * How far it is in a partition.
   *
   * @param offset the next to be read, or {@link #UNKNOWN}
   * @param end the high watermark, or {@link #UNKNOWN}
   * @param unread how much is still to be read, or {@link #UNKNOWN}; where nothing was committed,
   *     everything there is
   * @param memberId who reads it; empty: nobody
   * @param metadata what was committed beside the offset
   * @param waitingSinceMs since when there has been something to read while the offset did not
   *     move, as far as it was looked; or {@link #NEVER}
   * @param failure why the end is not known, or null
   */
  public record Offset(
      GroupPartition partition,
      long offset,
      long end,
      long unread,
      String memberId,
      String metadata,
      long waitingSinceMs,
      @Nullable JangadaException failure) {
    /** How far the offset is behind the end, or {@link #UNKNOWN}. */
    public long lag() {
      return offset < 0 || end < 0 ? UNKNOWN : Math.max(0, end - offset);
    }
  }

  /**
   * The verdict.
   *
   * @param findings why, the worst first; at least one
   */
  public record Judgement(Verdict verdict, List<Finding> findings) {}

  /**
   * One reason.
   *
   * @param message one sentence for a person
   * @param memberId whom it is about; empty: nobody
   * @param partition which one it is about, or null
   * @param sinceMs since when, or {@link #NEVER} where that does not matter
   */
  public record Finding(
      String message, String memberId, @Nullable GroupPartition partition, long sinceMs) {}
}
