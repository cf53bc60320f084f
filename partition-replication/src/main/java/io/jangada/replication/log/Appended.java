// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import io.jangada.replication.core.LeaderEpochHistory;
import java.util.List;

/**
 * What batches make of a log.
 *
 * @param endOffset the offset after them
 * @param bytes of them all
 * @param epochs where each leader epoch begins, with theirs; not to be changed
 */
record Appended(long endOffset, long bytes, LeaderEpochHistory epochs) {
  /**
   * Batches at the end of a log.
   *
   * @throws IllegalArgumentException if they do not continue it
   */
  static Appended of(List<RecordBatch> batches, long end, LeaderEpochHistory epochs) {
    long next = end;
    long bytes = 0;
    LeaderEpochHistory history = epochs;
    for (RecordBatch batch : batches) {
      if (batch.baseOffset() != next) {
        throw new IllegalArgumentException(
            "expected a batch at offset " + next + ", but got " + batch);
      }
      next = batch.nextOffset();
      bytes += batch.sizeInBytes();
      if (batch.partitionLeaderEpoch() != history.lastEpoch()) {
        history = history.copy();
        history.append(batch.partitionLeaderEpoch(), batch.baseOffset());
      }
    }
    return new Appended(next, bytes, history);
  }
}
