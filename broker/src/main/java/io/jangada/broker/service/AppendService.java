// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Writing to the partitions that this broker leads. Thread-safe; never blocks. */
public interface AppendService {

  /** Wherever the log ends. */
  long ANY_OFFSET = -1;

  /**
   * Appends one batch. Two calls for one partition from one thread are appended in their order.
   *
   * @param batch without compressed content being looked into; its memory belongs to the broker
   *     from here on, which writes offset and leader epoch into the header
   * @param expectedOffset where the partition's log must end for the batch to be appended, or
   *     {@link #ANY_OFFSET}; if it ends elsewhere, fails with {@link UnexpectedOffsetException}
   * @param timeout how long the answer may wait for the in-sync replicas
   * @return completes when the batch is as safe as {@code acks} says (with {@link Acks#NONE}: when
   *     it was accepted), or exceptionally with a {@link io.jangada.common.JangadaException} whose
   *     {@code definite} says whether the batch is surely not in the log
   */
  CompletableFuture<Appended> append(
      PartitionRef partition, RecordBatch batch, Acks acks, long expectedOffset, Duration timeout);

  /** The first offset that the replica here holds; -1 if there is no replica here. */
  long logStartOffset(PartitionRef partition);

  /**
   * Where a batch went.
   *
   * @param baseOffset offset of its first record; the original's if it was a duplicate
   * @param logStartOffset the first offset that the partition still holds
   * @param timestampMs that the broker gave its records, or -1 if they have the producer's; of a
   *     duplicate the largest of the original's, or -1 if that is not remembered
   */
  record Appended(long baseOffset, long logStartOffset, long timestampMs) {}
}
