// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.ProducerConfig;
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
  private static final int PARTITIONS = 6;
  private static final int RECORDS = 1_000_000;
  private static final int RECORD_BYTES = 1_000;

  /** Of each partition; what of it the tail cache of 16 MiB surely has. */
  private static final int TAIL_RECORDS = 1_000;

  private static final long TAIL_BYTES_EACH_BROKER = 400_000_000;
  private static final long PATIENCE_NS = Duration.ofMinutes(2).toNanos();
  private static final String TOPIC = "kafka-consume";

  @Override
  public void measure(Figures figures) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT)) {
      fill(cluster);
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

  private static void fill(LocalCluster cluster) {
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, Brokers.COUNT));
      new ProduceLoad(
              TOPIC,
              RECORDS,
              RECORD_BYTES,
              0,
              ProducerConfig.defaults().withBatching(64 * 1024, Duration.ofMillis(5)))
          .run(client);
    }
  }

  private interface Reading {
    /** Returns the bytes. */
    long run() throws Exception;
  }

  private static void measure(Figures figures, String what, Brokers brokers, Reading reading)
      throws Exception {
    List<Double> speeds = new ArrayList<>();
    List<Double> brokerCosts = new ArrayList<>();
    List<Double> clientCosts = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      double brokersBefore = brokers.usage().cpuSeconds();
      double clientBefore = ProcessUsage.ofThisProcess().cpuSeconds();
      long begunNs = System.nanoTime();
      double gigabytes = reading.run() / 1e9;
      speeds.add(gigabytes * 1e3 / ((System.nanoTime() - begunNs) / 1e9));
      brokerCosts.add((brokers.usage().cpuSeconds() - brokersBefore) / gigabytes);
      clientCosts.add((ProcessUsage.ofThisProcess().cpuSeconds() - clientBefore) / gigabytes);
    }
    figures.afterWarmUp(what, "MB/s", speeds, WARM_UP_ROUNDS);
    figures.afterWarmUp("  CPU, all brokers", "CPU-s/GB", brokerCosts, WARM_UP_ROUNDS);
    figures.afterWarmUp("  CPU, the client", "CPU-s/GB", clientCosts, WARM_UP_ROUNDS);
  }

  private static long consume(LocalCluster cluster) throws IOException {
    long begunNs = System.nanoTime();
    long count = 0;
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
          IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList());
      while (count < RECORDS) {
        count += consumer.poll(Duration.ofSeconds(1)).count();
        if (System.nanoTime() - begunNs > PATIENCE_NS) {
          throw new IOException("expected " + RECORDS + " records, but got only " + count);
        }
      }
    }
    return count * RECORD_BYTES;
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
