// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.history;

/**
 * Something that a history may not show.
 *
 * @param what for people
 */
public record Anomaly(Kind kind, int partition, String what) {
  /** The kinds. */
  public enum Kind {
    /** Acknowledged or once read, not there in the end, though later records are. */
    LOST,
    /** Acknowledged or once read, not there in the end, and nothing later either. */
    UNSEEN,
    /** One value at two offsets. */
    DUPLICATE,
    /** Two values at one offset. */
    INCONSISTENT_OFFSETS,
    /** A process read on further ahead than where it was. */
    POLL_SKIP,
    /** A process read on further back than where it was. */
    NON_MONOTONIC_POLL,
    /** A later send of a process got an earlier offset. */
    NON_MONOTONIC_SEND,
    /** A send got an offset not above one that was acknowledged before it began. */
    STALE_OFFSET,
    /** A send failed for certain, and its value was read. */
    REFUSED_BUT_READ,
    /** A value was read that nobody sent. */
    INVENTED
  }

  @Override
  public String toString() {
    return kind + " in partition " + partition + ": " + what;
  }
}
