// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.RecordMetadata;
import io.jangada.client.SendCallback;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records on their way to a partition, and those who wait for them. Filled by callers under the
 * lock of its {@link PartitionQueue}; from then on only the sender thread touches it.
 */
final class ProducerBatch {
  private static final Logger LOG = LoggerFactory.getLogger(ProducerBatch.class);
  private static final int INITIAL_RECORDS = 16;

  /** Where a batch that was taken from the queue stands. */
  enum State {
    /** To be sent, for the first time or again. */
    TO_SEND,
    /** Sent, not answered. */
    IN_FLIGHT
  }

  final TopicPartition partition;
  final long createdNanos;

  /** Completes, without a value, when every record has been answered for. */
  final CompletableFuture<Void> done = new CompletableFuture<>();

  State state = State.TO_SEND;

  /** Its place among the batches that were taken from the queue. */
  long ordinal = -1;

  /** Whether an earlier attempt may have been carried out. */
  boolean inDoubt;

  private final RecordBatchBuilder builder;
  private final List<SendCallback> callbacks = new ArrayList<>(INITIAL_RECORDS);
  private long[] timestampsMs = new long[INITIAL_RECORDS];
  private long reservedBytes;
  private @Nullable RecordBatch built;

  ProducerBatch(TopicPartition partition, RecordBatchBuilder builder, long createdNanos) {
    this.partition = partition;
    this.builder = builder;
    this.createdNanos = createdNanos;
  }

  /** Adds a record unless the batch is full. */
  boolean tryAppend(PendingRecord record) {
    if (!builder.appendBytes(
        record.timestampMs(), record.key(), record.value(), record.headers())) {
      return false;
    }
    int index = callbacks.size();
    if (index == timestampsMs.length) {
      timestampsMs = Arrays.copyOf(timestampsMs, 2 * index);
    }
    timestampsMs[index] = record.timestampMs();
    callbacks.add(record.callback());
    reservedBytes += record.reservedBytes();
    return true;
  }

  int recordCount() {
    return callbacks.size();
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
    for (int i = 0; i < callbacks.size(); i++) {
      RecordMetadata metadata =
          new RecordMetadata(
              partition,
              baseOffset < 0 ? -1 : baseOffset + i,
              logAppendTimeMs < 0 ? timestampsMs[i] : logAppendTimeMs);
      call(callbacks.get(i), metadata, null);
    }
    done.complete(null);
  }

  /** Tells those who wait that the records are not written, or may not be. */
  void fail(JangadaException error) {
    for (SendCallback callback : callbacks) {
      call(callback, null, error);
    }
    done.complete(null);
  }

  private void call(
      SendCallback callback, @Nullable RecordMetadata metadata, @Nullable JangadaException error) {
    try {
      callback.completed(metadata, error);
    } catch (RuntimeException e) {
      LOG.warn("{}: a send callback threw", partition, e);
    }
  }
}
