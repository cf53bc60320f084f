// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import io.jangada.cli.Progress;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.OffsetReset;
import io.jangada.client.Producer;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada bench latency}. */
@Command(
    name = "latency",
    description =
        "Send at a rate and read at the same time; measure how long a record takes from the"
            + " producer to the consumer.")
public final class BenchLatency implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Invocation invocation;

  @Mixin private Load load = new Load();

  @Mixin private BenchTopic topic = new BenchTopic();

  @Option(
      names = "--rate",
      paramLabel = "PER-SECOND",
      description = "Records per second (default: ${DEFAULT-VALUE}).")
  private double rate = 1000;

  private final AtomicReference<@Nullable Throwable> readerFailed = new AtomicReference<>();
  private volatile boolean stopped;

  /** The names are a contract. */
  private record Answer(
      String topic,
      long records,
      double recordsPerSecond,
      Latencies.Summary acknowledgedMs,
      Latencies.Summary endToEndMs) {}

  /** Made by the launcher. */
  public BenchLatency(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws Exception {
    return topic.measure(invocation, this::measure);
  }

  private void measure(JangadaClient client, List<TopicPartition> partitions)
      throws InterruptedException {
    if (rate <= 0 || load.recordBytes() < Long.BYTES) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected a --rate above 0 and a --record-size of 8 or more, but got "
              + rate
              + " and "
              + load.recordBytes(),
          "jangada bench latency --help");
    }
    Progress progress = new Progress(invocation.stdio(), true);
    Latencies acknowledged = new Latencies();
    Latencies endToEnd = new Latencies();
    CountDownLatch ready = new CountDownLatch(1);
    Thread reader =
        new Thread(() -> read(client, partitions, endToEnd, ready), "jangada-bench-reader");
    reader.setDaemon(true);
    reader.start();
    ready.await();
    try (Producer producer =
        client.producer(load.config(invocation.timeout()).withBatching(16 * 1024, Duration.ZERO))) {
      load.run(
          producer,
          topic.name(),
          rate,
          acknowledged,
          (number, due) -> ByteBuffer.wrap(new byte[load.recordBytes()]).putLong(due).array(),
          () -> progress.update(load.acknowledged(), load.acknowledgedBytes()));
    } finally {
      stopped = true;
      reader.join(invocation.timeout().toMillis());
    }
    progress.clear();
    Throwable failure = readerFailed.get();
    if (failure instanceof JangadaException e) {
      throw e;
    }
    Answer answer =
        new Answer(
            topic.name(), load.acknowledged(), rate, acknowledged.summary(), endToEnd.summary());
    invocation.printer().printText(answer, () -> text(answer));
  }

  private static String text(Answer answer) {
    return "%,d records at %,.0f records/s%nacknowledged after  %s%nread after          %s%n"
        .formatted(
            answer.records(),
            answer.recordsPerSecond(),
            answer.acknowledgedMs().text(),
            answer.endToEndMs().text());
  }

  /** Reads until everything that was acknowledged has come, once no more is sent. */
  private void read(
      JangadaClient client,
      List<TopicPartition> partitions,
      Latencies endToEnd,
      CountDownLatch ready) {
    long seen = 0;
    try (Consumer consumer =
        client.consumer(ConsumerConfig.defaults().withStart(OffsetReset.END))) {
      consumer.assign(partitions);
      consumer.endOffsets(partitions).forEach(consumer::seek);
      ready.countDown();
      while (!stopped || seen < load.acknowledged()) {
        for (ConsumerRecord record : consumer.poll(POLL)) {
          ByteBuffer value = record.value();
          if (value != null && value.remaining() >= Long.BYTES) {
            endToEnd.add(System.nanoTime() - value.getLong(value.position()));
            seen++;
          }
        }
      }
    } catch (JangadaException e) {
      readerFailed.set(e);
    } finally {
      ready.countDown();
    }
  }
}
