// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/** A conditional append found the log ending elsewhere; nothing was appended. */
public final class UnexpectedOffsetException extends JangadaException {
  private static final long serialVersionUID = 1L;

  private final long logEndOffset;

  /**
   * The append was not made.
   *
   * @param expectedOffset where it expected the log to end
   * @param logEndOffset where it ended
   */
  public UnexpectedOffsetException(long expectedOffset, long logEndOffset) {
    super(
        ErrorCode.UNEXPECTED_OFFSET,
        "expected the log to end at offset " + expectedOffset + ", but it ends at " + logEndOffset,
        "read what was written since, and decide again whether to append at " + logEndOffset);
    this.logEndOffset = logEndOffset;
  }

  /** Where the log ended. */
  public long logEndOffset() {
    return logEndOffset;
  }
}
