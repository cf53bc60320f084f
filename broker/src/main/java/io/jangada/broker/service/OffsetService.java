// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

/** Offsets of partitions that this broker leads. Thread-safe; may read files. */
public interface OffsetService {

  /** The first offset there is. */
  ListedOffset beginning(PartitionRef partition);

  /**
   * The high watermark: where a reader that wants only new records begins.
   *
   * @throws io.jangada.common.JangadaException OFFSET_NOT_AVAILABLE while a new leader does not
   *     know it yet (KIP-207)
   */
  ListedOffset end(PartitionRef partition);

  /** The first offset whose timestamp is at or after the given one; offset -1 if there is none. */
  ListedOffset atTimestamp(PartitionRef partition, long timestampMs);

  /**
   * An offset.
   *
   * @param timestampMs of the record at the offset, or -1
   */
  record ListedOffset(long offset, long timestampMs, int leaderEpoch) {}
}
