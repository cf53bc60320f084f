// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.core.PartitionEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One replica as its users see it. Thread-safe; no call blocks. Futures and callbacks complete on
 * threads that must not be held up: hand on whatever takes longer than enqueuing.
 */
public interface PartitionHandle {
  /** Wherever the log ends. */
  long ANY_OFFSET = PartitionEvent.Append.ANY_OFFSET;

  /** The high watermark, as an offset for {@link #deleteRecords}. */
  long HIGH_WATERMARK = -1;

  /** Which partition. */
  TopicIdPartition partition();

  /** Its name, for messages. */
  TopicPartition name();

  /** Role, leader and offsets as of now. */
  PartitionStatus status();

  /**
   * Appends a batch. Fails with {@code OVERLOADED} if too much waits here already, with {@code
   * MESSAGE_TOO_LARGE}, {@code CORRUPT_MESSAGE} and whatever the leader refuses.
   *
   * @param batch in writable memory that is the replica's from now on: it is written to, kept, and
   *     must not change any more. The checksum is computed by this call.
   * @param acks with {@code NONE} the future completes as soon as the batch is taken or refused
   * @param expectedLeaderEpoch -1 = any (KIP-320)
   * @param expectedOffset where the log must end (compare and set), or {@link #ANY_OFFSET}
   * @param timeoutMs how long the answer may wait for acknowledgements; then it is {@code
   *     REQUEST_TIMED_OUT} or {@code NOT_ENOUGH_REPLICAS_AFTER_APPEND}, not definite
   * @return never completes exceptionally
   */
  CompletableFuture<AppendResult> append(
      RecordBatch batch, Acks acks, int expectedLeaderEpoch, long expectedOffset, long timeoutMs);

  /** Appends a batch wherever the log ends. */
  default CompletableFuture<AppendResult> append(
      RecordBatch batch, Acks acks, int expectedLeaderEpoch, long timeoutMs) {
    return append(batch, acks, expectedLeaderEpoch, ANY_OFFSET, timeoutMs);
  }

  /**
   * Reads committed batches. From memory the future is complete at once; otherwise a reading thread
   * completes it.
   *
   * @param offset the first wanted; the first batch may begin below it. At the high watermark the
   *     answer is empty: see {@link #awaitAdvance}
   * @param maxBytes more only if the first batch alone is larger
   * @param leaderEpoch the epoch that the reader knows, -1 = any (KIP-320)
   * @return never completes exceptionally
   */
  CompletableFuture<ReadResult> read(long offset, int maxBytes, int leaderEpoch);

  /**
   * As {@link #read}, also where the replica follows: then up to the high watermark that it knows
   * of. What is above that is {@code OFFSET_NOT_AVAILABLE} (KIP-392).
   */
  CompletableFuture<ReadResult> readHere(long offset, int maxBytes, int leaderEpoch);

  /**
   * Calls back once, when there is something to read at the offset, or when the replica's role or
   * leader epoch has changed since the call, or there is reason to read again for the error's sake.
   * May call back on the caller's thread, before it returns.
   *
   * @return to be closed when the reader goes away
   * @throws io.jangada.common.JangadaException {@code OVERLOADED} if too many readers wait
   */
  ParkedReader awaitAdvance(long offset, Runnable wake);

  /** As {@link #awaitAdvance}, also where the replica follows. */
  ParkedReader awaitAdvanceHere(long offset, Runnable wake);

  /**
   * The first committed batch whose largest timestamp is at or after the time; reads the disk.
   *
   * @param leaderEpoch the epoch that the reader knows, -1 = any
   * @return never completes exceptionally
   */
  CompletableFuture<OffsetResult> offsetForTimestamp(long timestampMs, int leaderEpoch);

  /**
   * The first committed batch with the largest timestamp of all; reads the disk.
   *
   * @param leaderEpoch the epoch that the reader knows, -1 = any
   * @return never completes exceptionally
   */
  CompletableFuture<OffsetResult> newest(int leaderEpoch);

  /** Where each leader epoch of the log begins, as of now. */
  LeaderEpochHistory leaderEpochs();

  /**
   * Has records below the offset deleted (KIP-107); only the leader does. Followers hear of it with
   * the next high watermark.
   *
   * @param beforeOffset the first offset to keep, at most the high watermark; {@link
   *     #HIGH_WATERMARK} keeps nothing that is committed
   */
  CompletableFuture<DeleteRecordsResult> deleteRecords(long beforeOffset);

  /**
   * The producers that it remembers (KIP-664), whatever its role; none if it failed.
   *
   * @return never completes exceptionally
   */
  CompletableFuture<List<ActiveProducer>> activeProducers();
}
