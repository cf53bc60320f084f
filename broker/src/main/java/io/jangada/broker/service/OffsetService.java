// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.concurrent.CompletableFuture;

/**
 * Offsets of partitions that this broker leads. Thread-safe; never blocks. The futures complete
 * exceptionally with a {@link io.jangada.common.JangadaException} where the partition is not led
 * here, or with OFFSET_NOT_AVAILABLE while a new leader does not know its high watermark (KIP-207).
 */
public interface OffsetService {

  /** The first offset there is. */
  CompletableFuture<ListedOffset> beginning(PartitionRef partition);

  /** The high watermark: where a reader that wants only new records begins. */
  CompletableFuture<ListedOffset> end(PartitionRef partition);

  /** The first offset whose timestamp is at or after the given one; offset -1 if there is none. */
  CompletableFuture<ListedOffset> atTimestamp(PartitionRef partition, long timestampMs);

  /**
   * An offset.
   *
   * @param timestampMs of the record at the offset, or -1
   */
  record ListedOffset(long offset, long timestampMs, int leaderEpoch) {}
}
