// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A gigabyte read back through Kafka's protocol, from the page cache but for the first round: by
 * Kafka's own consumer, and by a loop that throws the bytes away, which shows what the brokers
 * alone take. Then the newest megabytes again and again, which lie in the brokers' tail caches.
 */
final class KafkaConsumeRow implements Row {
  private static final int ROUNDS = 6;
  private static final int WARM_UP_ROUNDS = 2;

  /** Of each partition; what of it the tail cache of 16 MiB surely has. */
  private static final int TAIL_RECORDS = 1_000;

  private static final long TAIL_BYTES_EACH_BROKER = 400_000_000;
  private static final String TOPIC = "kafka-consume";

  @Override
  public void measure(Figures figures) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT)) {
      ReadBack.fill(cluster, TOPIC);
      Brokers brokers = new Brokers(cluster);
      String all = "consume 1 GB of 1 kB, 6 partitions, ";
      measure(figures, all + "Kafka's consumer", brokers, () -> consume(cluster));
      KafkaTopic topic = KafkaTopic.find(cluster, TOPIC);
      List<KafkaFetchLoop> loops = new ArrayList<>();
      for (Map.Entry<String, List<Integer>> led : topic.partitions().entrySet()) {
        loops.add(new KafkaFetchLoop(led.getKey(), TOPIC, led.getValue()));
      }
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        measure(figures, all + "thrown away", brokers, () -> each(threads, loops, false));
        measure(
            figures,
            "fetch from the tail cache, thrown away",
            brokers,
            () -> each(threads, loops, true));
      } finally {
        for (KafkaFetchLoop loop : loops) {
          loop.close();
        }
      }
    }
  }

  private static void measure(
      Figures figures, String what, Brokers brokers, ReadBack.Reading reading) throws Exception {
    ReadBack.measure(figures, what, brokers, ROUNDS, WARM_UP_ROUNDS, reading);
  }

  private static long consume(LocalCluster cluster) throws IOException {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                KafkaTopic.bootstrap(cluster),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "auto.offset.reset",
                "earliest"))) {
      consumer.assign(
          IntStream.range(0, ReadBack.PARTITIONS)
              .mapToObj(i -> new TopicPartition(TOPIC, i))
              .toList());
      return ReadBack.all(() -> consumer.poll(Duration.ofSeconds(1)).count());
    }
  }

  private static long each(ExecutorService threads, List<KafkaFetchLoop> loops, boolean tail)
      throws Exception {
    List<Future<Long>> running = new ArrayList<>();
    for (KafkaFetchLoop loop : loops) {
      running.add(
          threads.submit(
              () -> tail ? loop.readTail(TAIL_RECORDS, TAIL_BYTES_EACH_BROKER) : loop.readAll()));
    }
    long bytes = 0;
    for (Future<Long> each : running) {
      bytes += each.get();
    }
    return bytes;
  }
}
