// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a command found out by itself, where none of the cluster's error codes fits: a
 * file that cannot be read, a context that does not exist, a deletion nobody confirmed. Immutable.
 * For what the cluster answered, {@link io.jangada.common.JangadaException} is thrown instead.
 */
public class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String hint;

  /**
   * A failure with its cause in words and the next thing to do.
   *
   * @param message one line: expected X, but Y
   * @param hint one line: the next command to run; may be empty
   */
  public CommandException(ExitCode exitCode, String message, String hint) {
    this(exitCode, message, hint, null);
  }

  /**
   * The same with what was caught.
   *
   * @param cause shown with {@code -v} only; or null
   */
  public CommandException(
      ExitCode exitCode, String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.hint = hint;
  }

  /** What the process exits with. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** The next command to run; may be empty. */
  public String hint() {
    return hint;
  }
}
