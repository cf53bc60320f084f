// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.ProducerRecord;
import io.jangada.client.SendCallback;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition that have not been sent yet; only the last is still being filled.
 * Thread-safe; its lock is never held while user code runs.
 */
final class PartitionQueue {
  private final TopicPartition partition;
  private final int batchBytes;
  private final Compression compression;
  private final Consumer<ProducerBatch> onBegun;
  private final Deque<ProducerBatch> batches = new ArrayDeque<>();
  private boolean closed;
  private boolean lastWasFull;

  /**
   * An empty queue.
   *
   * @param onBegun hears of every new batch before its first record can be answered
   */
  PartitionQueue(
      TopicPartition partition,
      int batchBytes,
      Compression compression,
      Consumer<ProducerBatch> onBegun) {
    this.partition = partition;
    this.onBegun = onBegun;
    this.batchBytes = batchBytes;
    this.compression = compression;
  }

  TopicPartition partition() {
    return partition;
  }

  /**
   * Adds a record.
   *
   * @param timestampMs the record's own, or the clock's
   * @param bytes that are reserved for it
   * @param maxBatchBytes that the topic takes
   * @return whether a new batch was begun
   * @throws JangadaException SHUTTING_DOWN after {@link #close}
   */
  synchronized boolean append(
      ProducerRecord record,
      long timestampMs,
      int bytes,
      int maxBatchBytes,
      SendCallback callback) {
    if (closed) {
      throw new JangadaException(
          ErrorCode.SHUTTING_DOWN, "expected an open producer, but it has been closed");
    }
    ProducerBatch last = batches.peekLast();
    if (last != null && last.sharesFateOf(record)) {
      if (last.tryAppend(record, timestampMs, bytes, callback)) {
        return false;
      }
      lastWasFull = true;
    }
    int size = Math.max(Math.min(batchBytes, maxBatchBytes), RecordBatch.HEADER_BYTES + bytes);
    // Where batches are filled, memory for all of it at once; else it grows with the records.
    RecordBatchBuilder builder =
        lastWasFull
            ? RecordBatchBuilder.withRoom(size, compression)
            : new RecordBatchBuilder(size, compression);
    ProducerBatch batch =
        new ProducerBatch(partition, builder, System.nanoTime(), record.expectedOffset());
    if (!batch.tryAppend(record, timestampMs, bytes, callback)) {
      throw new IllegalStateException("a record does not fit a batch of its own size");
    }
    onBegun.accept(batch);
    batches.addLast(batch);
    return true;
  }

  /** Takes the first batch if it is full or has waited long enough. */
  synchronized @Nullable ProducerBatch pollReady(long nowNanos, long lingerNanos) {
    ProducerBatch first = batches.peekFirst();
    if (first == null || (batches.size() == 1 && nowNanos - first.createdNanos < lingerNanos)) {
      return null;
    }
    lastWasFull &= batches.size() > 1;
    return batches.pollFirst();
  }

  /** How long until there is a batch to take; the largest long if there is nothing at all. */
  synchronized long readyInNanos(long nowNanos, long lingerNanos) {
    ProducerBatch first = batches.peekFirst();
    if (first == null) {
      return Long.MAX_VALUE;
    }
    return batches.size() > 1 ? 0 : Math.max(0, first.createdNanos + lingerNanos - nowNanos);
  }

  /** Takes out what has waited for too long altogether. */
  synchronized List<ProducerBatch> pollOlderThan(long nowNanos, long ageNanos) {
    List<ProducerBatch> old = new ArrayList<>();
    ProducerBatch first = batches.peekFirst();
    while (first != null && nowNanos - first.createdNanos >= ageNanos) {
      old.add(batches.removeFirst());
      first = batches.peekFirst();
    }
    return old;
  }

  /** Refuses further records and takes out those that are there. */
  synchronized List<ProducerBatch> close() {
    closed = true;
    List<ProducerBatch> rest = List.copyOf(batches);
    batches.clear();
    return rest;
  }
}
