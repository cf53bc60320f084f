// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import java.util.List;

/** How an append ends. */
public sealed interface AppendResult {
  /**
   * The batch is as safe as the producer asked for.
   *
   * @param baseOffset offset of its first record; of the original where this was a duplicate
   * @param timestampMs that the broker gave its records, or -1 if they have the producer's; of a
   *     duplicate the largest of the original's, or -1 if that is not remembered
   */
  record Appended(long baseOffset, long timestampMs) implements AppendResult {}

  /**
   * The log ends elsewhere than the append expects (compare and set), so nothing was appended.
   *
   * @param logEndOffset where it ends
   */
  record UnexpectedOffset(long logEndOffset) implements AppendResult {}

  /**
   * Records are not what the topic takes, so nothing was appended.
   *
   * @param code INVALID_RECORD or INVALID_TIMESTAMP
   * @param records which, at least one
   */
  record InvalidRecords(ErrorCode code, List<InvalidRecord> records) implements AppendResult {
    /** Copies the list. */
    public InvalidRecords {
      records = List.copyOf(records);
    }
  }

  /**
   * One record that is not what the topic takes.
   *
   * @param index in the batch, from 0
   * @param message "expected X, but Y"
   */
  record InvalidRecord(int index, String message) {}

  /**
   * The append failed.
   *
   * @param code why
   * @param definite true if the batch is surely not in the log; false if it may survive
   * @param message "expected X, but Y"
   */
  record Failed(ErrorCode code, boolean definite, String message) implements AppendResult {}
}
