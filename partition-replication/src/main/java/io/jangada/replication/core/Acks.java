// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/** What a producer waits for. */
public enum Acks {
  /**
   * Answered when the high watermark has passed the batch: every in-sync replica has it durably.
   */
  ALL,
  /** Answered when the leader has it durably. Lost if the leader is lost. */
  LEADER,
  /** Answered as soon as the leader has taken it, before it is durable anywhere. */
  NONE
}
