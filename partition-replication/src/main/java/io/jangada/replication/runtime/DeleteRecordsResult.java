// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;

/** How the deletion of a partition's oldest records ends. */
public sealed interface DeleteRecordsResult {
  /** The log starts there now. */
  record Deleted(long logStartOffset) implements DeleteRecordsResult {}

  /** Nothing was deleted. */
  record Failed(ErrorCode code, String message) implements DeleteRecordsResult {}
}
