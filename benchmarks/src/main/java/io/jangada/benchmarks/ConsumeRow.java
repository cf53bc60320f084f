// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.ProducerConfig;
import io.jangada.common.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reading back a gigabyte, most of which is no longer in the brokers' own caches. */
final class ConsumeRow implements Row {
  private static final int ROUNDS = 4;
  private static final int PARTITIONS = 6;
  private static final int RECORDS = 1_000_000;
  private static final int RECORD_BYTES = 1_000;
  private static final long PATIENCE_NS = Duration.ofMinutes(2).toNanos();
  private static final String TOPIC = "consume";

  @Override
  public void measure(Figures figures) throws Exception {
    List<Double> speeds = new ArrayList<>();
    List<Double> brokerCosts = new ArrayList<>();
    List<Double> clientCosts = new ArrayList<>();
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, Brokers.COUNT));
      new ProduceLoad(
              TOPIC,
              RECORDS,
              RECORD_BYTES,
              0,
              ProducerConfig.defaults().withBatching(64 * 1024, Duration.ofMillis(5)))
          .run(client);
      Brokers brokers = new Brokers(cluster);
      double gigabytes = (double) RECORDS * RECORD_BYTES / 1e9;
      for (int round = 0; round < ROUNDS; round++) {
        double brokersBefore = brokers.usage().cpuSeconds();
        double clientBefore = ProcessUsage.ofThisProcess().cpuSeconds();
        speeds.add(gigabytes * 1e3 / readAll(client));
        brokerCosts.add((brokers.usage().cpuSeconds() - brokersBefore) / gigabytes);
        clientCosts.add((ProcessUsage.ofThisProcess().cpuSeconds() - clientBefore) / gigabytes);
      }
    }
    figures.afterWarmUp("consume 1 GB of 1 kB, 6 partitions, one consumer", "MB/s", speeds, 1);
    figures.afterWarmUp("  CPU, all brokers", "CPU-s/GB", brokerCosts, 1);
    figures.afterWarmUp("  CPU, the client", "CPU-s/GB", clientCosts, 1);
  }

  /** Reads every record once; returns the seconds. */
  private static double readAll(JangadaClient client) throws IOException {
    long begunNs = System.nanoTime();
    long count = 0;
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(
          IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList());
      while (count < RECORDS) {
        List<ConsumerRecord> records = consumer.poll(Duration.ofSeconds(1));
        count += records.size();
        if (System.nanoTime() - begunNs > PATIENCE_NS) {
          throw new IOException("expected " + RECORDS + " records, but got only " + count);
        }
      }
    }
    return (System.nanoTime() - begunNs) / 1e9;
  }
}
