// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import io.jangada.client.Acknowledgement;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.SendCallback;
import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is sent, how fast, and with which guarantees. */
final class Load {
  /** Without a rate, the latency of one record in so many is measured. */
  private static final int SAMPLE = 64;

  private static final int PAYLOADS = 64;

  @Option(
      names = {"-n", "--records"},
      paramLabel = "COUNT",
      description = "How many (default: until --duration is over).")
  private long records;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      description = "For how long (default: 10s, unless -n is given).")
  private @Nullable Duration duration;

  @Option(
      names = "--record-size",
      paramLabel = "BYTES",
      description = "Of each record (default: ${DEFAULT-VALUE}).")
  private int recordBytes = 1000;

  @Option(
      names = "--acks",
      paramLabel = "WHOSE",
      description = "all (in-sync replicas, the default), leader, none.")
  private Acknowledgement acks = Acknowledgement.ALL;

  @Option(
      names = "--compression",
      paramLabel = "CODEC",
      description = "zstd, lz4, snappy, gzip or none (the default).")
  private Compression compression = Compression.NONE;

  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<@Nullable JangadaException> failure = new AtomicReference<>();

  long acknowledged() {
    return acknowledged.get();
  }

  long acknowledgedBytes() {
    return acknowledged.get() * recordBytes;
  }

  int recordBytes() {
    return recordBytes;
  }

  /** How long it may take; without a bound where the number of records is given. */
  private Duration limit() {
    if (duration != null) {
      return duration;
    }
    return records > 0 ? Duration.ofDays(1) : Duration.ofSeconds(10);
  }

  ProducerConfig config(Duration timeout) {
    return ProducerConfig.defaults()
        .withAcknowledgement(acks)
        .withCompression(compression)
        .withLimits(timeout, timeout, timeout);
  }

  /** Values that look like text of logs to a compressor: half of them repeats. */
  Payload text() {
    Random random = new Random(1);
    byte[][] payloads = new byte[PAYLOADS][];
    for (int i = 0; i < PAYLOADS; i++) {
      payloads[i] = new byte[recordBytes];
      for (int at = 0; at < recordBytes; at++) {
        payloads[i][at] = (byte) (at % 2 == 0 ? 'a' + random.nextInt(26) : 'x');
      }
    }
    return (number, dueNanos) -> payloads[(int) (number % PAYLOADS)];
  }

  /**
   * Sends until it is enough, and waits for the answers.
   *
   * @param perSecond 0: as fast as it goes; then what it takes is measured from the moment at which
   *     a record should have been sent, so that a stall counts for all that it delays
   * @param made makes the value of a record from its number and that moment
   * @param tick called for every record
   */
  void run(
      Producer producer,
      String topic,
      double perSecond,
      Latencies latencies,
      Payload made,
      Runnable tick) {
    long startNanos = System.nanoTime();
    long endNanos = startNanos + limit().toNanos();
    SendCallback counting = (metadata, error) -> answered(error);
    for (long number = 0; records == 0 || number < records; number++) {
      long dueNanos = System.nanoTime();
      if (perSecond > 0) {
        dueNanos = startNanos + (long) (number * TimeUnit.SECONDS.toNanos(1) / perSecond);
        pause(dueNanos);
      }
      if (dueNanos > endNanos || failure.get() != null) {
        break;
      }
      ProducerRecord record = ProducerRecord.of(topic, null, made.value(number, dueNanos));
      producer.send(
          record, perSecond > 0 || number % SAMPLE == 0 ? timing(dueNanos, latencies) : counting);
      tick.run();
    }
    producer.flush();
    JangadaException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** Makes values. */
  interface Payload {
    byte[] value(long number, long dueNanos);
  }

  private SendCallback timing(long sinceNanos, Latencies latencies) {
    return (metadata, error) -> {
      if (error == null) {
        latencies.add(System.nanoTime() - sinceNanos);
      }
      answered(error);
    };
  }

  private void answered(@Nullable JangadaException error) {
    if (error == null) {
      acknowledged.incrementAndGet();
    } else {
      failure.compareAndSet(null, error);
    }
  }

  private static void pause(long untilNanos) {
    for (long left = untilNanos - System.nanoTime();
        left > 0;
        left = untilNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
