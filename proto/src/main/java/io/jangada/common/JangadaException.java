// SPDX-License-Identifier: Apache-2.0
package io.jangada.common;

/**
 * A failure with a stable code. The message reads "expected X, but Y"; the hint says what to do
 * next and may be empty. Immutable; unchecked because most callers only pass it on.
 */
public class JangadaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String hint;
  private final boolean definite;

  /** A failure as definite as its code, without a hint. */
  public JangadaException(ErrorCode code, String message) {
    this(code, message, "", code.definite(), null);
  }

  /** A failure as definite as its code. */
  public JangadaException(ErrorCode code, String message, String hint) {
    this(code, message, hint, code.definite(), null);
  }

  /**
   * The general form.
   *
   * @param definite false if the request may have been carried out
   * @param cause what was caught, or null
   */
  public JangadaException(
      ErrorCode code,
      String message,
      String hint,
      boolean definite,
      @org.jspecify.annotations.Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
    this.definite = definite;
  }

  /** The stable code. */
  public ErrorCode code() {
    return code;
  }

  /** What to do next; may be empty. */
  public String hint() {
    return hint;
  }

  /** True if the request surely had no effect. */
  public boolean definite() {
    return definite;
  }

  /** True if the same request may succeed later or elsewhere. */
  public boolean retriable() {
    return code.retriable();
  }
}
