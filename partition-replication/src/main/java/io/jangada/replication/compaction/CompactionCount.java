// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import io.jangada.record.RecordBatch;

/** What compaction has read and written. Not thread-safe. */
public final class CompactionCount {
  private long readBytes;
  private long readRecords;
  private long writtenBytes;
  private long writtenRecords;

  void read(RecordBatch batch) {
    readBytes += batch.sizeInBytes();
    readRecords += batch.recordCount();
  }

  void written(RecordBatch batch) {
    writtenBytes += batch.sizeInBytes();
    writtenRecords += batch.recordCount();
  }

  /** Bytes of batches taken. */
  public long readBytes() {
    return readBytes;
  }

  /** Bytes of what was left of them. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /** Records that went. */
  public long removedRecords() {
    return readRecords - writtenRecords;
  }
}
