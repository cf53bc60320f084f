// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import io.jangada.cli.Progress;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.Invocation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jangada bench consume}. */
@Command(
    name = "consume",
    description = "Read as fast as the cluster gives it; a topic of its own is filled first.")
public final class BenchConsume implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Invocation invocation;

  @Mixin private Load load = new Load();

  @Mixin private BenchTopic topic = new BenchTopic();

  /** Made by the launcher. */
  public BenchConsume(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws Exception {
    return topic.measure(invocation, this::measure);
  }

  private void measure(JangadaClient client, List<TopicPartition> partitions) {
    if (!topic.kept()) {
      fill(client);
    }
    Progress progress = new Progress(invocation.stdio(), true);
    Latencies polls = new Latencies();
    long records = 0;
    long bytes = 0;
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        long begin = System.nanoTime();
        List<ConsumerRecord> polled = consumer.poll(POLL);
        polls.add(System.nanoTime() - begin);
        for (ConsumerRecord record : polled) {
          records++;
          bytes += length(record.key()) + length(record.value());
        }
        progress.update(records, bytes);
      }
    }
    progress.clear();
    Throughput done =
        Throughput.of(topic.name(), records, bytes, progress.elapsedMs(), polls.summary());
    invocation.printer().printText(done, () -> done.text("polls took"));
  }

  private void fill(JangadaClient client) {
    try (Producer producer = client.producer(load.config(invocation.timeout()))) {
      load.run(producer, topic.name(), 0, new Latencies(), load.text(), () -> {});
    }
  }

  private static int length(@Nullable ByteBuffer bytes) {
    return bytes == null ? 0 : bytes.remaining();
  }
}
