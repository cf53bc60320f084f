// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/** When a broker calls a batch written. */
public enum Acknowledgement {
  /** Every in-sync replica has it durably. What was acknowledged this way is not lost. */
  ALL,
  /** The leader has it durably. Lost if the leader is lost before the followers have it. */
  LEADER,
  /** As soon as it is sent. May be lost without anyone hearing of it. */
  NONE
}
