// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What many partitions cost: to create them, to have them and not use them, to get them back when
 * all brokers were killed.
 */
final class PartitionsRow implements Row {
  private static final int ROUNDS = 4;
  private static final int PARTITIONS = 1_000;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public void measure(Figures figures) throws Exception {
    List<Double> createSeconds = new ArrayList<>();
    List<Double> serveSeconds = new ArrayList<>();
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      Brokers brokers = new Brokers(cluster);
      Idle without = idle(brokers);
      for (int round = 0; round < ROUNDS; round++) {
        createSeconds.add(create(client, "partitions-" + round));
      }
      figures.rounds("create 1,000 partitions, until each has a leader", "s", createSeconds);
      costOfIdle(figures, without, idle(brokers));
    }
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      Brokers brokers = new Brokers(cluster);
      create(client, "partitions");
      writeToEach(client);
      for (int round = 0; round < ROUNDS; round++) {
        brokers.killAll();
        long begunNs = System.nanoTime();
        brokers.startAll();
        writeToEach(client);
        serveSeconds.add((System.nanoTime() - begunNs) / 1e9);
      }
      figures.rounds(
          "all killed with 1,000 partitions → a record acknowledged in each", "s", serveSeconds);
    }
  }

  /** What the brokers take while nothing is asked of them, the mean of one. */
  private record Idle(double heapBytes, double openFiles, double residentMegabytes, double cores) {}

  private static Idle idle(Brokers brokers) throws Exception {
    double heapBytes = brokers.liveHeapBytesEach();
    double cpuBefore = brokers.usage().cpuSeconds();
    TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
    double cores = (brokers.usage().cpuSeconds() - cpuBefore) / IDLE.toSeconds();
    return new Idle(
        heapBytes, brokers.openFilesEach(), brokers.residentMegabytesEach(), cores / Brokers.COUNT);
  }

  private static void costOfIdle(Figures figures, Idle without, Idle with) {
    int partitions = ROUNDS * PARTITIONS;
    String idle = "idle broker with " + partitions + " partitions: ";
    figures.one(
        idle + "heap each partition",
        "KB",
        (with.heapBytes() - without.heapBytes()) / partitions / 1e3);
    figures.one(idle + "files opened for them", "", with.openFiles() - without.openFiles());
    figures.one(idle + "resident", "MB", with.residentMegabytes());
    figures.one(idle + "CPU", "% of a core", 100 * with.cores());
    figures.one("idle broker without partitions: resident", "MB", without.residentMegabytes());
    figures.one("idle broker without partitions: CPU", "% of a core", 100 * without.cores());
  }

  private static double create(JangadaClient client, String topic) throws InterruptedException {
    long begunNs = System.nanoTime();
    client.admin().createTopic(NewTopic.of(topic, PARTITIONS, Brokers.COUNT));
    while (!allLed(client, topic)) {
      if (System.nanoTime() - begunNs > PATIENCE.toNanos()) {
        throw new IllegalStateException("expected leaders within " + PATIENCE + " of " + topic);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return (System.nanoTime() - begunNs) / 1e9;
  }

  private static boolean allLed(JangadaClient client, String topic) {
    return client.admin().describeTopics(List.of(topic)).get(0).orThrow().partitions().stream()
        .allMatch(partition -> partition.leader() > 0 && partition.isr().size() == Brokers.COUNT);
  }

  private static void writeToEach(JangadaClient client) throws Exception {
    try (Producer producer =
        client.producer(ProducerConfig.defaults().withBatching(16 * 1024, Duration.ZERO))) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        sent.add(producer.send(ProducerRecord.of("partitions", partition, null, new byte[100])));
      }
      for (CompletableFuture<RecordMetadata> each : sent) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }
}
