// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/** How a leader answers a follower that subscribes. */
public sealed interface SubscribeAnswer {
  /** The logs agree up to the asked offset; batches follow from there. */
  record Ok() implements SubscribeAnswer {}

  /**
   * The follower's log does not continue the leader's. The follower truncates to the smaller of
   * this end and its own end of that epoch, and asks again (KIP-279).
   *
   * @param epoch the leader's largest epoch that is not above the asked one, -1 if there is none
   * @param endOffset where that epoch ends in the leader's log
   */
  record Diverged(int epoch, long endOffset) implements SubscribeAnswer {}

  /**
   * The follower's leader epoch or broker epoch is out of date; it waits for the metadata.
   *
   * @param leaderEpoch the leader's epoch
   */
  record Fenced(int leaderEpoch) implements SubscribeAnswer {}

  /** The asked broker does not know yet that it leads in that epoch; ask again. */
  record NotYetLeader() implements SubscribeAnswer {}

  /**
   * The asked offset was deleted. The follower drops its log and starts at the offset (KIP-107).
   *
   * @param logStartOffset the leader's log start
   */
  record BelowLogStart(long logStartOffset) implements SubscribeAnswer {}

  /** The asked broker holds no topic of that id: deleted, or not heard of yet (KIP-516). */
  record UnknownTopicId() implements SubscribeAnswer {}
}
