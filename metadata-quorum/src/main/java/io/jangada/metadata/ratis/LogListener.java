// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

/** Told what becomes of this member. Called on the log's threads: hand off at once, never block. */
public interface LogListener {
  /** This member leads in that term and has applied every entry of earlier terms. */
  void onLeader(long term);

  /** This member does not lead (any more). */
  void onFollower();

  /** The members have decided who votes; told again when the log is replayed. */
  void onVoters(boolean thisMemberVotes);

  /**
   * The log has ended by itself: the others have removed this member, or the process stood still
   * for too long.
   *
   * @param outside whether the log itself says that this member was removed
   */
  void onClosed(boolean outside);

  /** This member can't go on: its log failed or an entry could not be applied. */
  void onFailed(Throwable cause);
}
