// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/**
 * Writes what coordinators decide. They answer clients when the high watermark has passed it, which
 * they are told in the epoch of their election only. Thread-safe.
 */
final class OffsetsWriter implements PartitionWriter {
  private final OffsetsLog log;
  private final LedPartitions led;
  private final LogConfig config;
  private final Map<Listener, OffsetsLog.Watch> watches = new ConcurrentHashMap<>();

  OffsetsWriter(OffsetsLog log, LedPartitions led) {
    this.log = log;
    this.led = led;
    this.config =
        new LogConfig(
            Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(log.maxBatchBytes())));
  }

  @Override
  public void registerListener(TopicPartition partition, Listener listener) {
    int epoch = led.epochOf(partition);
    long committed = log.view(partition.partition()).map(OffsetsLog.View::highWatermark).orElse(0L);
    watches.put(
        listener,
        log.follow(
            partition.partition(),
            epoch,
            committed,
            highWatermark -> listener.onHighWatermarkUpdated(partition, highWatermark)));
  }

  @Override
  public void deregisterListener(TopicPartition partition, Listener listener) {
    OffsetsLog.Watch watch = watches.remove(listener);
    if (watch != null) {
      watch.close();
    }
  }

  @Override
  public LogConfig config(TopicPartition partition) {
    return config;
  }

  @Override
  public long append(
      TopicPartition partition,
      VerificationGuard verificationGuard,
      MemoryRecords records,
      short transactionVersion) {
    // The coordinator writes its next batch into the same memory.
    ByteBuffer batch = ByteBuffer.allocate(records.sizeInBytes());
    batch.put(records.buffer().duplicate()).flip();
    try {
      return log.append(partition.partition(), led.epochOf(partition), batch);
    } catch (JangadaException e) {
      throw LogFailures.toKafka(e);
    }
  }

  @Override
  public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
      TopicPartition partition,
      String transactionalId,
      long producerId,
      short producerEpoch,
      int apiVersion) {
    return CompletableFuture.failedFuture(
        new UnsupportedVersionException("transactions are not served"));
  }

  @Override
  public CompletableFuture<Void> deleteRecords(TopicPartition partition, long beforeOffset) {
    return CompletableFuture.failedFuture(
        new UnsupportedVersionException("only share groups delete records of their state"));
  }
}
