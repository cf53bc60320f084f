// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.outage;

import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a numbered record to each partition every few milliseconds, and notes what is acknowledged
 * when. Thread-safe; its own thread sends, the producer's calls back.
 */
final class ProbeLoad {
  private static final long PACE_MS = 4;
  private static final int MAX_RECORDS = 10_000_000;

  /** What is known of one partition; guarded by the load. */
  private static final class Progress {
    private long lastAcknowledgedNs;
    private long longestGapNs;
    private long lastAcknowledgedSentNs;
  }

  private final List<TopicPartition> partitions;
  private final Producer producer;
  private final Thread sender;
  private final BitSet acknowledged = new BitSet();
  private final Map<TopicPartition, Progress> progress = new HashMap<>();
  private volatile boolean stopped;

  ProbeLoad(JangadaClient client, List<TopicPartition> partitions) {
    this.partitions = List.copyOf(partitions);
    partitions.forEach(partition -> progress.put(partition, new Progress()));
    this.producer =
        client.producer(ProducerConfig.defaults().withBatching(16 * 1024, Duration.ZERO));
    this.sender = new Thread(this::send, "jangada-outage-probe");
    sender.setDaemon(true);
  }

  List<TopicPartition> partitions() {
    return partitions;
  }

  void start() {
    sender.start();
  }

  /** Ends the load once what was sent is answered; further calls do nothing. */
  void stop() {
    if (!stopped) {
      stopped = true;
      producer.close();
    }
  }

  /** Waits until each partition has acknowledged a record that was sent after this call. */
  synchronized void awaitAcknowledged(Duration timeout) throws InterruptedException {
    long sinceNs = System.nanoTime();
    long deadlineNs = sinceNs + timeout.toNanos();
    while (progress.values().stream().anyMatch(p -> p.lastAcknowledgedSentNs - sinceNs < 0)) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
      if (leftMs <= 0) {
        throw new JangadaException(
            ErrorCode.REQUEST_TIMED_OUT,
            "expected an acknowledgement from each of " + partitions + ", but some gave none",
            "jangada partition list");
      }
      wait(leftMs);
    }
  }

  /** The numbers of the acknowledged records; a copy. */
  synchronized BitSet acknowledged() {
    return (BitSet) acknowledged.clone();
  }

  synchronized long longestGapMs() {
    return TimeUnit.NANOSECONDS.toMillis(
        progress.values().stream().mapToLong(p -> p.longestGapNs).max().orElse(0));
  }

  private void send() {
    try {
      for (int number = 0; !stopped && number < MAX_RECORDS; ) {
        for (TopicPartition partition : partitions) {
          sendOne(partition, number++);
        }
        Thread.sleep(PACE_MS);
      }
    } catch (JangadaException e) {
      if (!stopped) {
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendOne(TopicPartition partition, int number) {
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    long sentNs = System.nanoTime();
    producer.send(
        ProducerRecord.of(partition.topic(), partition.partition(), null, value),
        (metadata, error) -> answered(partition, number, sentNs, error));
  }

  private synchronized void answered(
      TopicPartition partition, int number, long sentNs, @Nullable JangadaException error) {
    if (error != null) {
      return;
    }
    long nowNs = System.nanoTime();
    acknowledged.set(number);
    Progress p = progress.get(partition);
    if (p == null) {
      return;
    }
    if (p.lastAcknowledgedNs != 0) {
      p.longestGapNs = Math.max(p.longestGapNs, nowNs - p.lastAcknowledgedNs);
    }
    p.lastAcknowledgedNs = nowNs;
    p.lastAcknowledgedSentNs = sentNs;
    notifyAll();
  }
}
