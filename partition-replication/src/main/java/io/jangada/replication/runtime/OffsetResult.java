// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.replication.log.TimestampOffset;

/** How a search by time ends. */
public sealed interface OffsetResult {
  /** The batch. */
  record Found(TimestampOffset at) implements OffsetResult {}

  /** Every committed record is older. */
  record NotFound() implements OffsetResult {}

  /**
   * The search is refused.
   *
   * @param code why
   * @param message "expected X, but Y"
   */
  record Failed(ErrorCode code, String message) implements OffsetResult {}
}
