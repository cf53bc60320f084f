// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

/** An invariant does not hold: the protocol has a bug, or the simulation has. */
public final class InvariantViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String invariant;

  /**
   * A violation.
   *
   * @param invariant its short name: I1, I2 …
   * @param message "expected X, but Y"
   */
  public InvariantViolation(String invariant, String message) {
    super(invariant + ": " + message);
    this.invariant = invariant;
  }

  /** Its short name. */
  public String invariant() {
    return invariant;
  }
}
