// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.Acknowledgement;
import io.jangada.client.Partitioner;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerInterceptor;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import io.jangada.client.SendCallback;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.metadata.TopicView;
import io.jangada.client.internal.net.Signal;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the partition of each record and puts it into the accumulator; the sender does the rest.
 */
public final class DefaultProducer implements Producer {
  private static final Logger LOG = LoggerFactory.getLogger(DefaultProducer.class);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final ProducerConfig config;
  private final Shared shared;
  private final List<ProducerInterceptor> interceptors;
  private final Accumulator accumulator;
  private final StickyPartitions sticky;
  private final Sender sender;
  private final Thread thread;
  private final Runnable onClose;

  /**
   * A producer whose thread runs.
   *
   * @param onClose called once when it is closed
   */
  public DefaultProducer(ProducerConfig config, Shared shared, Runnable onClose) {
    this.config = config;
    this.shared = shared;
    this.interceptors = config.extensions().interceptors();
    Signal signal = new Signal();
    this.accumulator = new Accumulator(config, signal::raise, shared.meters().bufferWaits);
    Runnable unwatch = shared.meters().watchBuffer(accumulator::usedBytes);
    this.onClose =
        () -> {
          unwatch.run();
          onClose.run();
        };
    this.sticky = new StickyPartitions(config.batchBytes());
    this.sender = new Sender(config, shared, accumulator, signal);
    this.thread = new Thread(sender, "jangada-producer-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public CompletableFuture<RecordMetadata> send(ProducerRecord record) {
    FutureCallback future = new FutureCallback();
    send(record, future);
    return future;
  }

  @Override
  public void send(ProducerRecord record, SendCallback callback) {
    if (interceptors.isEmpty()) {
      sendAsIs(record, callback);
    } else {
      Interceptions seen = Interceptions.of(record, interceptors);
      sendAsIs(seen.record(), seen.before(callback));
    }
  }

  private void sendAsIs(ProducerRecord record, SendCallback callback) {
    JangadaException refused;
    try {
      enqueue(record, callback);
      return;
    } catch (JangadaException e) {
      refused = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refused =
          new JangadaException(
              ErrorCode.OVERLOADED,
              "expected room in the buffer, but the thread was interrupted while it waited",
              "",
              true,
              e);
    }
    shared.meters().recordsRefused.increment();
    try {
      callback.completed(null, refused);
    } catch (RuntimeException e) {
      LOG.warn("a send callback threw", e);
    }
  }

  private void enqueue(ProducerRecord record, SendCallback callback) throws InterruptedException {
    int size = RecordBatchBuilder.maxSizeOf(record.key(), record.value(), record.headers());
    if (size > config.maxRecordBytes() - RecordBatch.HEADER_BYTES) {
      throw tooLarge(size);
    }
    if (record.conditional()) {
      checkConditional(record);
    }
    TopicView topic = shared.topics().known(record.topic());
    long maxBlockNanos = config.limits().maxBlock().toNanos();
    if (topic == null) {
      long begunNanos = System.nanoTime();
      topic = shared.topics().await(record.topic(), maxBlockNanos);
      maxBlockNanos -= System.nanoTime() - begunNanos;
    }
    int partition = partitionOf(record, topic, size);
    accumulator.reserve(size, maxBlockNanos);
    long timestampMs =
        record.timestampMs() == ProducerRecord.NOW
            ? System.currentTimeMillis()
            : record.timestampMs();
    accumulator.append(record, topic, partition, timestampMs, size, callback);
  }

  private void checkConditional(ProducerRecord record) {
    String but =
        record.expectedOffset() < 0
            ? "it is " + record.expectedOffset()
            : record.partition() < 0
                ? "the record names no partition"
                : config.acknowledgement() == Acknowledgement.NONE
                    ? "the producer wants no acknowledgements"
                    : "";
    if (!but.isEmpty()) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected an offset of 0 or above in a partition that is named, with acknowledgements to"
              + " say whether the record got it, but "
              + but,
          "name the partition: offsets are those of one log");
    }
  }

  private JangadaException tooLarge(int size) {
    return new JangadaException(
        ErrorCode.MESSAGE_TOO_LARGE,
        "expected a record of at most "
            + config.maxRecordBytes()
            + " bytes, but it needs "
            + (size + RecordBatch.HEADER_BYTES),
        "raise the producer's maxRecordBytes and the topic's max.message.bytes");
  }

  private int partitionOf(ProducerRecord record, TopicView topic, int size) {
    int count = topic.partitions().size();
    int wanted = record.partition();
    if (wanted < 0 && count > 0) {
      wanted = chosen(record, count);
      if (wanted == Partitioner.NO_CHOICE) {
        byte[] key = record.key();
        return key == null ? sticky.next(topic, size) : Murmur2.partition(key, count);
      }
    }
    if (wanted < 0 || wanted >= count) {
      throw new JangadaException(
          ErrorCode.UNKNOWN_PARTITION,
          "expected a partition of " + topic.name() + " below " + count + ", but got " + wanted);
    }
    return wanted;
  }

  private int chosen(ProducerRecord record, int count) {
    try {
      return config.extensions().partitioner().partition(record, count);
    } catch (JangadaException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected the partitioner to choose a partition, but it threw " + e,
          "look at the partitioner",
          true,
          e);
    }
  }

  @Override
  public void flush() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a send callback cannot flush: it would wait for itself");
    }
    try {
      accumulator.flush().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JangadaException(
          ErrorCode.REQUEST_TIMED_OUT,
          "expected time to flush, but the thread was interrupted",
          "",
          false,
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("batches report errors to their records only", e);
    }
  }

  @Override
  public void close() {
    close(config.limits().delivery());
  }

  @Override
  public void close(Duration timeout) {
    accumulator.beginClose();
    sender.closeAt(System.nanoTime() + timeout.toNanos());
    if (Thread.currentThread() != thread) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          sender.closeAt(System.nanoTime());
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    onClose.run();
  }

  /** A future that is its own callback: one object for each record. */
  private static final class FutureCallback extends CompletableFuture<RecordMetadata>
      implements SendCallback {
    @Override
    public void completed(@Nullable RecordMetadata metadata, @Nullable JangadaException error) {
      if (error == null) {
        complete(metadata);
      } else {
        completeExceptionally(error);
      }
    }
  }
}
