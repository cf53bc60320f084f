// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import java.util.List;

/**
 * Where a log puts down what is done to it before its files are touched. Each call returns the
 * entry's number, which rises; {@link PartitionLog#journaled} is told once it is durable. Called
 * while the log holds its own lock: must not block, nor call back on the caller's thread.
 */
public interface WriteAhead {
  /** Batches were appended. */
  long batches(List<RecordBatch> batches, LogEnd endAfter);

  /** Everything from the offset on was removed. */
  long truncated(long toOffset, LogEnd endAfter);

  /** Everything was removed; the log goes on at the offset. */
  long reset(long toOffset, LogEnd endAfter);

  /** Records below the offset were deleted. */
  long logStart(long offset, LogEnd endAfter);
}
