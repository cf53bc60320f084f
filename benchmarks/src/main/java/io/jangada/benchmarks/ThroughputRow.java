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

/** As fast as it may: records of 1 kB in batches of 64 KiB, acknowledged by all when durable. */
final class ThroughputRow implements Row {
  private static final int ROUNDS = 30;

  /** The JVM compiles for the first 6 GB or so; all rounds are shown. */
  private static final int WARM_UP_ROUNDS = 23;

  private static final int RECORD_BYTES = 1_000;
  private static final int RECORDS = 300_000;
  private static final int BATCH_BYTES = 64 * 1024;

  @Override
  public void measure(Figures figures) throws Exception {
    for (int partitions : new int[] {6, 100}) {
      try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
          JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
        String topic = "throughput-" + partitions;
        client.admin().createTopic(NewTopic.of(topic, partitions, Brokers.COUNT));
        measure(figures, new Brokers(cluster), client, topic, partitions);
      }
    }
  }

  private static void measure(
      Figures figures, Brokers brokers, JangadaClient client, String topic, int partitions)
      throws IOException {
    ProduceLoad load =
        new ProduceLoad(
            topic,
            RECORDS,
            RECORD_BYTES,
            0,
            ProducerConfig.defaults().withBatching(BATCH_BYTES, Duration.ofMillis(5)));
    List<Double> speeds = new ArrayList<>();
    List<Double> brokerCosts = new ArrayList<>();
    List<Double> clientCosts = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      double brokersBefore = brokers.usage().cpuSeconds();
      double clientBefore = ProcessUsage.ofThisProcess().cpuSeconds();
      ProduceLoad.Result result = load.run(client);
      double gigabytes = result.bytes() / 1e9;
      speeds.add(result.megabytesPerSecond());
      brokerCosts.add((brokers.usage().cpuSeconds() - brokersBefore) / gigabytes);
      clientCosts.add((ProcessUsage.ofThisProcess().cpuSeconds() - clientBefore) / gigabytes);
    }
    String what = "produce 1 kB, " + partitions + " partitions, RF 3, acks=all, fsync, 64 KiB";
    figures.afterWarmUp(what, "MB/s", speeds, WARM_UP_ROUNDS);
    figures.afterWarmUp("  CPU, all brokers", "CPU-s/GB", brokerCosts, WARM_UP_ROUNDS);
    figures.afterWarmUp("  CPU, the client", "CPU-s/GB", clientCosts, WARM_UP_ROUNDS);
    figures.one("  resident per broker after that", "MB", brokers.residentMegabytesEach());
  }
}
