// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Batches whose records are numbers: the first stands in the payload, the others follow it. Header
 * and checksum are real.
 */
final class SimBatches {
  private static final int CRC_AT = 17;
  private static final int CRC_FROM = 21;

  private SimBatches() {}

  /**
   * A batch of consecutive values.
   *
   * @param paddingBytes makes batches end anywhere in a sector
   */
  static RecordBatch of(
      long firstValue,
      int records,
      long producerId,
      short producerEpoch,
      int sequence,
      int paddingBytes) {
    int size = RecordBatch.HEADER_BYTES + Long.BYTES + paddingBytes;
    ByteBuffer buffer = ByteBuffer.allocate(size);
    buffer.putInt(8, size - RecordBatch.LOG_OVERHEAD_BYTES);
    buffer.putInt(12, -1);
    buffer.put(16, RecordBatch.MAGIC);
    buffer.putInt(23, records - 1);
    buffer.putLong(43, producerId);
    buffer.putShort(51, producerEpoch);
    buffer.putInt(53, sequence);
    buffer.putInt(57, records);
    buffer.putLong(RecordBatch.HEADER_BYTES, firstValue);
    for (int i = size - paddingBytes; i < size; i++) {
      buffer.put(i, (byte) i);
    }
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(CRC_FROM, size - CRC_FROM));
    buffer.putInt(CRC_AT, (int) crc.getValue());
    return RecordBatch.at(buffer);
  }

  /** The value of the first record. */
  static long firstValue(RecordBatch batch) {
    return batch.recordBytes().getLong(0);
  }
}
