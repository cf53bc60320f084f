// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

/** Moments of the protocol in which something can go wrong. */
public enum Moment {
  /** A leader proposes that a follower joins the ISR. */
  GROWTH_PROPOSED,
  /** A leader proposes that a member leaves the ISR. */
  SHRINK_PROPOSED,
  /** A follower truncates, as its leader has told it to. */
  TRUNCATED
}
