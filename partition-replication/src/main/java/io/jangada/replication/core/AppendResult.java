// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;

/** How an append ends. */
public sealed interface AppendResult {
  /**
   * The batch is as safe as the producer asked for.
   *
   * @param baseOffset offset of its first record; of the original where this was a duplicate
   */
  record Appended(long baseOffset) implements AppendResult {}

  /**
   * The log ends elsewhere than the append expects (compare and set), so nothing was appended.
   *
   * @param logEndOffset where it ends
   */
  record UnexpectedOffset(long logEndOffset) implements AppendResult {}

  /**
   * The append failed.
   *
   * @param code why
   * @param definite true if the batch is surely not in the log; false if it may survive
   * @param message "expected X, but Y"
   */
  record Failed(ErrorCode code, boolean definite, String message) implements AppendResult {}
}
