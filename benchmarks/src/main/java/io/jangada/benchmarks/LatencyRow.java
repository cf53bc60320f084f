// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.ProducerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * At a steady rate: from when a record was due to its acknowledgement. Before each round one bare
 * file is written at that rate while the brokers are idle, which is what any log with one disk
 * would have to wait for.
 */
final class LatencyRow implements Row {
  private static final int ROUNDS = 5;
  private static final int WARM_UP_ROUNDS = 2;
  private static final int RECORD_BYTES = 1_000;
  private static final int RECORDS = 15_000;
  private static final int RATE = 1_000;
  private static final int BATCH_BYTES = 64 * 1024;
  private static final Duration ALONE = Duration.ofSeconds(8);
  private static final Duration MEANWHILE = Duration.ofMillis(20);

  @Override
  public void measure(Figures figures) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      for (int partitions : new int[] {6, 100}) {
        String topic = "latency-" + partitions;
        client.admin().createTopic(NewTopic.of(topic, partitions, Brokers.COUNT));
        measure(figures, new Brokers(cluster), client, topic, partitions);
      }
    }
  }

  private static void measure(
      Figures figures, Brokers brokers, JangadaClient client, String topic, int partitions)
      throws Exception {
    ProduceLoad load =
        new ProduceLoad(
            topic,
            RECORDS,
            RECORD_BYTES,
            RATE,
            ProducerConfig.defaults().withBatching(BATCH_BYTES, Duration.ZERO));
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    List<Double> p999 = new ArrayList<>();
    List<Double> diskAloneP99 = new ArrayList<>();
    List<Double> diskP99 = new ArrayList<>();
    double cpuSeconds = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (DiskProbe disk = DiskProbe.start(Duration.ofSeconds(1).dividedBy(RATE))) {
        TimeUnit.NANOSECONDS.sleep(ALONE.toNanos());
        diskAloneP99.add(disk.percentileMs(99));
      }
      ProduceLoad.Result result;
      double cpuBefore = brokers.usage().cpuSeconds();
      try (DiskProbe disk = DiskProbe.start(MEANWHILE)) {
        result = load.run(client);
        diskP99.add(disk.percentileMs(99));
      }
      cpuSeconds += brokers.usage().cpuSeconds() - cpuBefore;
      p50.add(result.latencyUs().getValueAtPercentile(50) / 1e3);
      p99.add(result.latencyUs().getValueAtPercentile(99) / 1e3);
      p999.add(result.latencyUs().getValueAtPercentile(99.9) / 1e3);
    }
    String what = RATE + " records/s of 1 kB, " + partitions + " partitions, linger 0: p";
    figures.afterWarmUp(what + "50", "ms", p50, WARM_UP_ROUNDS);
    figures.afterWarmUp(what + "99", "ms", p99, WARM_UP_ROUNDS);
    figures.afterWarmUp(what + "99.9", "ms", p999, WARM_UP_ROUNDS);
    figures.afterWarmUp(
        "  durable writes of 4 KiB to the same disk, as many, alone: p99",
        "ms",
        diskAloneP99,
        WARM_UP_ROUNDS);
    figures.afterWarmUp(
        "  50 durable writes of 4 KiB/s to the same disk meanwhile: p99",
        "ms",
        diskP99,
        WARM_UP_ROUNDS);
    figures.one("  CPU, all brokers", "cores", cpuSeconds / (ROUNDS * RECORDS / (double) RATE));
  }
}
