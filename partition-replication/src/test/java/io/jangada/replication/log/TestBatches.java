// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Batches with a right header and checksum around bytes that are no records. */
public final class TestBatches {
  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;

  private TestBatches() {}

  /** A batch that is in a log. */
  public static RecordBatch at(long baseOffset, int leaderEpoch, int records, int payloadBytes) {
    return at(baseOffset, leaderEpoch, records, payloadBytes, 1_000);
  }

  /** A batch that is in a log, all of one time. */
  public static RecordBatch at(
      long baseOffset, int leaderEpoch, int records, int payloadBytes, long timestampMs) {
    RecordBatch batch = fresh(records, payloadBytes, timestampMs, (int) baseOffset);
    batch.assign(baseOffset, leaderEpoch);
    return batch;
  }

  /** A batch as a producer sends it; the seed fills its payload. */
  public static RecordBatch fresh(int records, int payloadBytes, long timestampMs, int seed) {
    ByteBuffer buffer = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + payloadBytes);
    buffer.putLong(0).putInt(buffer.capacity() - RecordBatch.LOG_OVERHEAD_BYTES).putInt(-1);
    buffer.put(RecordBatch.MAGIC).putInt(0).putShort((short) 0).putInt(records - 1);
    buffer.putLong(timestampMs).putLong(timestampMs);
    buffer.putLong(RecordBatch.NO_PRODUCER_ID).putShort(RecordBatch.NO_PRODUCER_EPOCH);
    buffer.putInt(RecordBatch.NO_SEQUENCE).putInt(records);
    byte[] payload = new byte[payloadBytes];
    Arrays.fill(payload, (byte) seed);
    buffer.put(payload).flip();
    return seal(buffer);
  }

  /** The batch with another beginning of its payload. */
  public static RecordBatch withFirstInt(RecordBatch batch, int value) {
    return seal(batch.bytes().putInt(RecordBatch.HEADER_BYTES, value));
  }

  private static RecordBatch seal(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(ATTRIBUTES_AT, buffer.limit() - ATTRIBUTES_AT));
    buffer.putInt(CRC_AT, (int) crc.getValue());
    return RecordBatch.at(buffer);
  }
}
