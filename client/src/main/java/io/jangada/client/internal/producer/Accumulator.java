// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.SendCallback;
import io.jangada.client.internal.metadata.TopicView;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What callers put in and the sender takes out: a queue for each partition, within one bound of
 * bytes. Thread-safe.
 */
final class Accumulator {
  private final ProducerConfig config;
  private final Runnable wakeSender;
  private final BufferBound bound;
  private final LongAdder waits;
  private final Map<String, AtomicReferenceArray<PartitionQueue>> queues =
      new ConcurrentHashMap<>();
  private final Queue<PartitionQueue> newlyFilled = new ConcurrentLinkedQueue<>();
  private final Set<ProducerBatch> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger flushes = new AtomicInteger();
  private volatile boolean closing;
  private volatile boolean ended;

  /**
   * Nothing yet.
   *
   * @param waits counts those who had to wait for room
   */
  Accumulator(ProducerConfig config, Runnable wakeSender, LongAdder waits) {
    this.config = config;
    this.waits = waits;
    this.wakeSender = wakeSender;
    this.bound = new BufferBound(config.bufferBytes());
  }

  /**
   * Waits for room in the buffer.
   *
   * @throws JangadaException OVERLOADED if there is none in time, SHUTTING_DOWN after closing
   */
  void reserve(int bytes, long timeoutNanos) throws InterruptedException {
    if (closing) {
      throw closed();
    }
    if (bound.tryAcquire(bytes)) {
      return;
    }
    waits.increment();
    // What waits for its linger time may be what holds the room.
    wakeSender.run();
    if (!bound.acquire(bytes, timeoutNanos)) {
      throw closing
          ? closed()
          : new JangadaException(
              ErrorCode.OVERLOADED,
              "expected "
                  + bytes
                  + " free bytes in the producer's buffer of "
                  + config.bufferBytes()
                  + ", but brokers do not take records fast enough",
              "send less, later; or raise bufferBytes");
    }
  }

  /**
   * Adds a record for which room was reserved. Gives the room back if it throws.
   *
   * @param topic where it goes
   * @param timestampMs the record's own, or the clock's
   * @param bytes that are reserved
   */
  void append(
      ProducerRecord record,
      TopicView topic,
      int partition,
      long timestampMs,
      int bytes,
      SendCallback callback) {
    PartitionQueue queue = queue(topic.name(), partition, topic.partitions().size());
    boolean begun;
    try {
      begun = queue.append(record, timestampMs, bytes, topic.maxBatchBytes(), callback);
    } catch (RuntimeException e) {
      bound.release(bytes);
      throw e;
    }
    if (begun) {
      newlyFilled.add(queue);
      wakeSender.run();
    }
    if (ended) {
      // The end may have looked before this queue was there.
      failAll(queue.close());
    }
  }

  private PartitionQueue queue(String topic, int partition, int partitionCount) {
    AtomicReferenceArray<PartitionQueue> known = queues.get(topic);
    if (known != null && partition < known.length()) {
      PartitionQueue queue = known.get(partition);
      if (queue != null) {
        return queue;
      }
    }
    return newQueue(topic, partition, partitionCount);
  }

  private PartitionQueue newQueue(String topic, int partition, int partitionCount) {
    AtomicReferenceArray<PartitionQueue> ofTopic =
        queues.compute(
            topic,
            (name, before) -> {
              AtomicReferenceArray<PartitionQueue> grown =
                  grow(before, Math.max(partition + 1, partitionCount));
              if (grown.get(partition) == null) {
                grown.set(
                    partition,
                    new PartitionQueue(
                        new TopicPartition(topic, partition),
                        config.batchBytes(),
                        config.compression(),
                        this::track));
              }
              return grown;
            });
    return ofTopic.get(partition);
  }

  private static AtomicReferenceArray<PartitionQueue> grow(
      @Nullable AtomicReferenceArray<PartitionQueue> before, int length) {
    if (before != null && before.length() >= length) {
      return before;
    }
    AtomicReferenceArray<PartitionQueue> grown = new AtomicReferenceArray<>(length);
    for (int i = 0; before != null && i < before.length(); i++) {
      grown.set(i, before.get(i));
    }
    return grown;
  }

  /** A queue that has a new batch, or null when there are no more. For the sender. */
  @Nullable PartitionQueue pollNewlyFilled() {
    return newlyFilled.poll();
  }

  /** How long batches wait for more records now. */
  long lingerNanos() {
    return flushes.get() > 0 || closing || bound.contended() ? 0 : config.linger().toNanos();
  }

  /** Gives back a batch's room; called before those who wait for it are told. */
  void release(ProducerBatch batch) {
    bound.release(batch.reservedBytes());
  }

  /** Bytes that are waiting or in flight. */
  long usedBytes() {
    return config.bufferBytes() - bound.freeBytes();
  }

  /** Sends everything on without delay until the returned future is done. */
  CompletableFuture<Void> flush() {
    flushes.incrementAndGet();
    List<CompletableFuture<Void>> waited = new ArrayList<>();
    unanswered.forEach(batch -> waited.add(batch.done));
    wakeSender.run();
    return CompletableFuture.allOf(waited.toArray(CompletableFuture<?>[]::new))
        .whenComplete((ignored, failure) -> flushes.decrementAndGet());
  }

  boolean empty() {
    return unanswered.isEmpty();
  }

  /** Refuses further records; what is there goes out without delay. */
  void beginClose() {
    closing = true;
    bound.close();
    wakeSender.run();
  }

  /** Fails what was not taken, for ever. For the sender, at its end. */
  void endClose() {
    ended = true;
    for (AtomicReferenceArray<PartitionQueue> ofTopic : queues.values()) {
      for (int i = 0; i < ofTopic.length(); i++) {
        PartitionQueue queue = ofTopic.get(i);
        if (queue != null) {
          failAll(queue.close());
        }
      }
    }
  }

  private void track(ProducerBatch batch) {
    unanswered.add(batch);
    var unused = batch.done.thenRun(() -> unanswered.remove(batch));
  }

  private void failAll(List<ProducerBatch> batches) {
    for (ProducerBatch batch : batches) {
      release(batch);
      batch.fail(
          new JangadaException(
              ErrorCode.SHUTTING_DOWN,
              "expected time to send the record, but the producer was closed before",
              "close the producer with a longer timeout"));
    }
  }

  private static JangadaException closed() {
    return new JangadaException(
        ErrorCode.SHUTTING_DOWN, "expected an open producer, but it has been closed");
  }
}
