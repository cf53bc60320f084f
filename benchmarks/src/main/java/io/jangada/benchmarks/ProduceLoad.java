// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Writes records of one size, as fast as it may or at a steady rate. Latency counts from when a
 * record was due, not from when it could be sent, so that a stall is charged to every record it
 * held up.
 *
 * @param recordsPerSecond 0 = as fast as it may
 */
record ProduceLoad(
    String topic, int records, int recordBytes, int recordsPerSecond, ProducerConfig config) {
  private static final long HIGHEST_LATENCY_US = Duration.ofMinutes(5).toNanos() / 1_000;

  /**
   * What a load came to.
   *
   * @param latencyUs from due to acknowledged
   */
  record Result(long bytes, double seconds, Histogram latencyUs) {
    double megabytesPerSecond() {
      return bytes / seconds / 1e6;
    }
  }

  /**
   * Writes them all.
   *
   * @throws IllegalStateException if a record failed
   */
  Result run(JangadaClient client) {
    byte[] value = new byte[recordBytes];
    new Random(1).nextBytes(value);
    ProducerRecord record = ProducerRecord.of(topic, null, value);
    ConcurrentHistogram latencyUs = new ConcurrentHistogram(HIGHEST_LATENCY_US, 3);
    LongAdder acknowledged = new LongAdder();
    LongAdder failed = new LongAdder();
    long begunNs = System.nanoTime();
    try (Producer producer = client.producer(config)) {
      for (int i = 0; i < records; i++) {
        long dueNs = awaitDue(begunNs, i);
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure == null) {
                acknowledged.increment();
                latencyUs.recordValue(
                    Math.min(HIGHEST_LATENCY_US, (System.nanoTime() - dueNs) / 1_000));
              } else {
                failed.increment();
              }
            });
      }
      producer.flush();
    }
    if (failed.sum() > 0) {
      throw new IllegalStateException(failed.sum() + " records failed, the figures are void");
    }
    double seconds = (System.nanoTime() - begunNs) / 1e9;
    return new Result(acknowledged.sum() * recordBytes, seconds, latencyUs.copy());
  }

  private long awaitDue(long begunNs, int index) {
    if (recordsPerSecond == 0) {
      return System.nanoTime();
    }
    long dueNs = begunNs + index * 1_000_000_000L / recordsPerSecond;
    for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
      LockSupport.parkNanos(leftNs);
    }
    return dueNs;
  }
}
