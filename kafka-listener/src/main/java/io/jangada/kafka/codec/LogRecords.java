// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.codec;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Record batches of a log in a fetch response: the log's own memory, which is written to the socket
 * as it is. Immutable.
 */
public final class LogRecords implements BaseRecords {
  /** No records. */
  public static final LogRecords NONE = new LogRecords(List.of(), 0);

  private final List<ByteBuffer> batches;
  private final int sizeInBytes;

  /**
   * Whole batches in offset order.
   *
   * @param sizeInBytes of all of them
   */
  public LogRecords(List<ByteBuffer> batches, int sizeInBytes) {
    this.batches = batches;
    this.sizeInBytes = sizeInBytes;
  }

  List<ByteBuffer> batches() {
    return batches;
  }

  @Override
  public int sizeInBytes() {
    return sizeInBytes;
  }

  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new UnsupportedOperationException("they are written by ResponseFrame");
  }
}
