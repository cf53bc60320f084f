// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.replication.log.LogSlice;

/** How a read ends. */
public sealed interface ReadResult {
  /**
   * Committed batches, or none where there is nothing yet.
   *
   * @param slice whole batches; to be read only
   * @param highWatermark when it was read
   * @param logStartOffset when it was read
   * @param leaderEpoch the replica's
   */
  record Batches(LogSlice slice, long highWatermark, long logStartOffset, int leaderEpoch)
      implements ReadResult {}

  /**
   * The read is refused.
   *
   * @param code why
   * @param message "expected X, but Y"
   */
  record Failed(ErrorCode code, String message) implements ReadResult {}
}
