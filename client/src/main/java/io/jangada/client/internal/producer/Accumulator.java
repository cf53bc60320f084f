// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.ProducerConfig;
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
import org.jspecify.annotations.Nullable;

/**
 * What callers put in and the sender takes out: a queue for each partition, within one bound of
 * bytes. Thread-safe.
 */
final class Accumulator {
  private final ProducerConfig config;
  private final Runnable wakeSender;
  private final BufferBound bound;
  private final Map<TopicPartition, PartitionQueue> queues = new ConcurrentHashMap<>();
  private final Queue<PartitionQueue> newlyFilled = new ConcurrentLinkedQueue<>();
  private final Set<ProducerBatch> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger flushes = new AtomicInteger();
  private volatile boolean closing;
  private volatile boolean ended;

  Accumulator(ProducerConfig config, Runnable wakeSender) {
    this.config = config;
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

  /** Adds a record for which room was reserved. Gives the room back if it throws. */
  void append(TopicPartition partition, PendingRecord record, long nowNanos) {
    PartitionQueue queue = queues.get(partition);
    if (queue == null) {
      queue =
          queues.computeIfAbsent(
              partition,
              p -> new PartitionQueue(p, config.batchBytes(), config.compression(), this::track));
    }
    boolean begun;
    try {
      begun = queue.append(record, nowNanos);
    } catch (RuntimeException e) {
      bound.release(record.reservedBytes());
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

  /** Bytes that are not taken. */
  long freeBytes() {
    return bound.freeBytes();
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
    for (PartitionQueue queue : queues.values()) {
      failAll(queue.close());
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
