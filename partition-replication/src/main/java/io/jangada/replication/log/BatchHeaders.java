// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import java.nio.ByteBuffer;

/** Reads the fields by which batches are told apart, where only a header may be in the buffer. */
final class BatchHeaders {
  private static final int LENGTH_AT = 8;
  private static final int LEADER_EPOCH_AT = 12;
  private static final int CRC_AT = 17;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final int RECORD_COUNT_AT = 57;

  private BatchHeaders() {}

  static long baseOffset(ByteBuffer buffer, int at) {
    return buffer.getLong(at);
  }

  static long nextOffset(ByteBuffer buffer, int at) {
    return buffer.getLong(at) + buffer.getInt(at + LAST_OFFSET_DELTA_AT) + 1;
  }

  static int sizeBytes(ByteBuffer buffer, int at) {
    return RecordBatch.LOG_OVERHEAD_BYTES + buffer.getInt(at + LENGTH_AT);
  }

  static int leaderEpoch(ByteBuffer buffer, int at) {
    return buffer.getInt(at + LEADER_EPOCH_AT);
  }

  static int crc(ByteBuffer buffer, int at) {
    return buffer.getInt(at + CRC_AT);
  }

  static long maxTimestampMs(ByteBuffer buffer, int at) {
    return buffer.getLong(at + MAX_TIMESTAMP_AT);
  }

  /** Whether it has a record of that time or later; one that compaction has emptied has none. */
  static boolean isFoundAt(ByteBuffer buffer, int at, long timestampMs) {
    return maxTimestampMs(buffer, at) >= timestampMs && buffer.getInt(at + RECORD_COUNT_AT) > 0;
  }

  static boolean plausible(int sizeBytes) {
    return sizeBytes >= RecordBatch.HEADER_BYTES;
  }
}
