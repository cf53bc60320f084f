// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.ProducerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The figures of one run on this machine: how soon nodes are ready, how fast acknowledged records
 * are, what that costs the brokers, how long a partition is away when its leader is killed. Real
 * processes from the distribution, on free ports; run it on an otherwise idle machine.
 *
 * <pre>make bench</pre>
 */
public final class BrokerBenchmark {
  private static final int ROUNDS = 3;
  private static final int PARTITIONS = 6;
  private static final int NODES = 3;
  private static final int RECORD_BYTES = 1_000;
  private static final int THROUGHPUT_RECORDS = 300_000;
  private static final int LATENCY_RECORDS = 20_000;
  private static final int LATENCY_RATE = 1_000;
  private static final int BATCH_BYTES = 64 * 1024;

  private BrokerBenchmark() {}

  /** Runs all of it; takes about three minutes. */
  public static void main(String[] args) throws Exception {
    row("MEASURE", "ROUNDS");
    startUp(1);
    startUp(NODES);
    try (LocalCluster cluster = LocalCluster.start(NODES);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      row("resident memory per broker, idle", residentPerBroker(cluster));
      client.admin().createTopic(NewTopic.of("throughput", PARTITIONS, NODES));
      throughput(cluster, client);
      latency(client);
      row("resident memory per broker, after that", residentPerBroker(cluster));
    }
    outages();
  }

  private static void startUp(int nodes) throws Exception {
    List<String> seconds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      LocalCluster.Options options = LocalCluster.Options.ofTest(nodes);
      try (LocalCluster cluster = LocalCluster.start(options)) {
        for (NodeProcess node : cluster.nodes()) {
          node.kill();
        }
        long begunNs = System.nanoTime();
        for (NodeProcess node : cluster.nodes()) {
          node.start();
        }
        cluster.awaitReady();
        seconds.add(String.format(Locale.ROOT, "%.2f s", (System.nanoTime() - begunNs) / 1e9));
      }
    }
    row(nodes + " node(s) killed and started again, until ready", seconds);
  }

  private static void throughput(LocalCluster cluster, JangadaClient client) throws IOException {
    ProduceLoad load =
        new ProduceLoad(
            "throughput",
            THROUGHPUT_RECORDS,
            RECORD_BYTES,
            0,
            ProducerConfig.defaults().withBatching(BATCH_BYTES, Duration.ofMillis(5)));
    List<String> speeds = new ArrayList<>();
    List<String> costs = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ProcessUsage before = ProcessUsage.of(pids(cluster));
      ProduceLoad.Result result = load.run(client);
      ProcessUsage after = ProcessUsage.of(pids(cluster));
      requireAll(result);
      speeds.add(String.format(Locale.ROOT, "%.1f MB/s", result.megabytesPerSecond()));
      costs.add(
          String.format(
              Locale.ROOT,
              "%.1f",
              (after.cpuSeconds() - before.cpuSeconds()) / (result.bytes() / 1e9)));
    }
    row("produce 1 kB, 6 partitions, RF 3, acks=all, fsync, 64 KiB batches", speeds);
    row("  CPU-seconds per GB, all brokers together", costs);
  }

  private static void latency(JangadaClient client) {
    ProduceLoad load =
        new ProduceLoad(
            "throughput",
            LATENCY_RECORDS,
            RECORD_BYTES,
            LATENCY_RATE,
            ProducerConfig.defaults().withBatching(BATCH_BYTES, Duration.ZERO));
    List<String> rounds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ProduceLoad.Result result = load.run(client);
      requireAll(result);
      rounds.add(
          String.format(
              Locale.ROOT,
              "%.1f/%.1f/%.1f ms",
              result.latencyUs().getValueAtPercentile(50) / 1e3,
              result.latencyUs().getValueAtPercentile(99) / 1e3,
              result.latencyUs().getValueAtPercentile(99.9) / 1e3));
    }
    row("latency at 1,000 records/s, linger 0: p50/p99/p99.9", rounds);
  }

  private static void outages() throws Exception {
    List<String> ofBroker = new ArrayList<>();
    List<String> ofQuorumLeader = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (LocalCluster cluster = LocalCluster.start(NODES);
          JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
        Outage outage = new Outage(cluster, client);
        ofBroker.add(outage.ofPartitionLeader(false) + " ms");
        ofQuorumLeader.add(outage.ofPartitionLeader(true) + " ms");
      }
    }
    row("kill -9 a leader, not the quorum's → next acknowledged", ofBroker);
    row("kill -9 a leader that also leads the quorum → the same", ofQuorumLeader);
  }

  private static String residentPerBroker(LocalCluster cluster) throws IOException {
    return String.format(
        Locale.ROOT, "%.0f MB", ProcessUsage.of(pids(cluster)).residentBytes() / 1e6 / NODES);
  }

  private static List<Long> pids(LocalCluster cluster) {
    return cluster.nodes().stream().map(NodeProcess::pid).collect(Collectors.toList());
  }

  private static void requireAll(ProduceLoad.Result result) {
    if (result.failed() > 0) {
      throw new IllegalStateException(result.failed() + " records failed, the figures are void");
    }
  }

  private static void row(String measure, Object rounds) {
    System.out.println(String.format(Locale.ROOT, "%-64s %s", measure, rounds));
  }
}
