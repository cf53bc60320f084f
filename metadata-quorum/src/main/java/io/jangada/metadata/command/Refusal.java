// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/**
 * Why something was not done, as a value. What is refused had no effect.
 *
 * @param code the stable code
 * @param message "expected X, but Y"
 * @param hint what to do next; may be empty
 */
public record Refusal(ErrorCode code, String message, String hint) {
  /** A refusal without a hint. */
  public Refusal(ErrorCode code, String message) {
    this(code, message, "");
  }

  /** The same as an exception. */
  public JangadaException toException() {
    return new JangadaException(code, message, hint);
  }
}
