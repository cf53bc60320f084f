// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/**
 * A conditional append found the log ending elsewhere: code UNEXPECTED_OFFSET. Where it is {@code
 * definite} the record was not written. Where it is not, an earlier attempt of the same send had no
 * answer and may have succeeded: read the record at {@link #expectedOffset} to see whose it is.
 * Immutable.
 */
public final class UnexpectedOffsetException extends JangadaException {
  private static final long serialVersionUID = 1L;

  /** Where the end of the log was not said. */
  public static final long UNKNOWN = -1;

  private final long expectedOffset;
  private final long logEndOffset;

  /**
   * What was expected and what was found.
   *
   * @param expectedOffset of the record
   * @param logEndOffset where the log ended, or {@link #UNKNOWN}
   * @param definite false if an earlier attempt may have been carried out
   */
  public UnexpectedOffsetException(long expectedOffset, long logEndOffset, boolean definite) {
    super(
        ErrorCode.UNEXPECTED_OFFSET,
        "expected the log to end at offset "
            + expectedOffset
            + ", but it ends "
            + (logEndOffset == UNKNOWN ? "elsewhere" : "at " + logEndOffset),
        definite
            ? "somebody else has written: read on from " + expectedOffset + ", decide again"
            : "an attempt without an answer may have written it: read the record at "
                + expectedOffset,
        definite,
        null);
    this.expectedOffset = expectedOffset;
    this.logEndOffset = logEndOffset;
  }

  /** The offset that the record should have got. */
  public long expectedOffset() {
    return expectedOffset;
  }

  /** Where the log ended, or {@link #UNKNOWN}. */
  public long logEndOffset() {
    return logEndOffset;
  }
}
