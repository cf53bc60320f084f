// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.record.RecordBatch;
import java.nio.ByteBuffer;

/** Record batches that are all header: the core looks at nothing else. */
final class TestBatches {
  private TestBatches() {}

  static RecordBatch batch(int records) {
    return batch(
        records,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_SEQUENCE);
  }

  static RecordBatch batch(int records, long producerId, short producerEpoch, int sequence) {
    ByteBuffer buffer = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
    buffer.putInt(8, RecordBatch.HEADER_BYTES - RecordBatch.LOG_OVERHEAD_BYTES);
    buffer.putInt(12, -1);
    buffer.put(16, RecordBatch.MAGIC);
    buffer.putInt(23, records - 1);
    buffer.putLong(43, producerId);
    buffer.putShort(51, producerEpoch);
    buffer.putInt(53, sequence);
    buffer.putInt(57, records);
    return RecordBatch.at(buffer);
  }

  /** A batch as a leader pushes it: [from, to) of the epoch. */
  static RecordBatch placed(long from, long to, int epoch) {
    RecordBatch batch = batch((int) (to - from));
    batch.assign(from, epoch);
    return batch;
  }
}
