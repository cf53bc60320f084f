// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.ProducerRecord;
import io.jangada.client.SendCallback;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way to a partition, and those who wait for them. Filled by callers under the
 * lock of its {@link PartitionQueue}; from then on only the sender thread touches it.
 */
final class ProducerBatch {
  /** Where a batch that was taken from the queue stands. */
  enum State {
    /** To be sent, for the first time or again. */
    TO_SEND,
    /** Sent, not answered. */
    IN_FLIGHT
  }

  final TopicPartition partition;
  final long createdNanos;

  /** Where the log has to end for the batch to be written, or {@link ProducerRecord#ANY_OFFSET}. */
  final long expectedOffset;

  /** Completes, without a value, when every record has been answered for. */
  final CompletableFuture<Void> done = new CompletableFuture<>();

  State state = State.TO_SEND;

  /** Its place among the batches that were taken from the queue. */
  long ordinal = -1;

  /** Whether an earlier attempt may have been carried out. */
  boolean inDoubt;

  private final RecordBatchBuilder builder;
  private final Waiters waiters = new Waiters();
  private long reservedBytes;
  private @Nullable RecordBatch built;

  ProducerBatch(
      TopicPartition partition,
      RecordBatchBuilder builder,
      long createdNanos,
      long expectedOffset) {
    this.partition = partition;
    this.builder = builder;
    this.createdNanos = createdNanos;
    this.expectedOffset = expectedOffset;
  }

  /** Whether it is written at one offset only. */
  boolean conditional() {
    return expectedOffset != ProducerRecord.ANY_OFFSET;
  }

  /**
   * Whether what becomes of the batch is what has to become of the record: neither has a condition,
   * or the record expects the offset that it gets as the next one of the batch.
   */
  boolean sharesFateOf(ProducerRecord record) {
    return conditional()
        ? record.expectedOffset() == expectedOffset + recordCount()
        : !record.conditional();
  }

  /**
   * Adds a record unless the batch is full.
   *
   * @param timestampMs the record's own, or the clock's
   * @param bytes that are reserved for it
   */
  boolean tryAppend(ProducerRecord record, long timestampMs, int bytes, SendCallback callback) {
    if (!builder.appendBytes(timestampMs, record.key(), record.value(), record.headers())) {
      return false;
    }
    waiters.add(callback, timestampMs);
    reservedBytes += bytes;
    return true;
  }

  int recordCount() {
    return waiters.count();
  }

  /** What it holds, before compression. */
  int uncompressedBytes() {
    return builder.uncompressedBytes();
  }

  long reservedBytes() {
    return reservedBytes;
  }

  /** Fixes the content and gives it its identity; later calls only change the identity. */
  RecordBatch stamp(long producerId, short epoch, int sequence) {
    RecordBatch before = built;
    RecordBatch now =
        before == null
            ? builder.build(producerId, epoch, sequence)
            // A copy: the earlier one may still be on its way into a dying connection.
            : RecordBatchBuilder.withProducer(before, producerId, epoch, sequence);
    built = now;
    return now;
  }

  /** What is sent; only after {@link #stamp}. */
  RecordBatch content() {
    RecordBatch batch = built;
    if (batch == null) {
      throw new IllegalStateException("the batch has not been stamped");
    }
    return batch;
  }

  boolean answeredFor() {
    return done.isDone();
  }

  /**
   * Tells those who wait that the records are written.
   *
   * @param baseOffset of the first record, or -1
   * @param logAppendTimeMs the broker's time for all of them, or -1
   */
  void succeed(long baseOffset, long logAppendTimeMs) {
    waiters.succeed(partition, baseOffset, logAppendTimeMs);
    done.complete(null);
  }

  /** Tells those who wait that the records are not written, or may not be. */
  void fail(JangadaException error) {
    waiters.fail(partition, error);
    done.complete(null);
  }
}
