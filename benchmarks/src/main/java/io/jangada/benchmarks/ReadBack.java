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

/** A gigabyte of records in six partitions, read back round by round. */
final class ReadBack {
  static final int PARTITIONS = 6;
  static final int RECORDS = 1_000_000;
  static final int RECORD_BYTES = 1_000;
  private static final long PATIENCE_NS = Duration.ofMinutes(2).toNanos();

  private ReadBack() {}

  /** One round. */
  interface Reading {
    /** Returns the bytes. */
    long run() throws Exception;
  }

  /** Returns how many records came. */
  interface Poll {
    int run();
  }

  /** Makes the topic and writes the gigabyte. */
  static void fill(LocalCluster cluster, String topic) {
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      client.admin().createTopic(NewTopic.of(topic, PARTITIONS, Brokers.COUNT));
      new ProduceLoad(
              topic,
              RECORDS,
              RECORD_BYTES,
              0,
              ProducerConfig.defaults().withBatching(64 * 1024, Duration.ofMillis(5)))
          .run(client);
    }
  }

  /** Polls until every record has come once; returns their bytes. */
  static long all(Poll poll) throws IOException {
    long begunNs = System.nanoTime();
    long count = 0;
    while (count < RECORDS) {
      count += poll.run();
      if (System.nanoTime() - begunNs > PATIENCE_NS) {
        throw new IOException("expected " + RECORDS + " records, but got only " + count);
      }
    }
    return count * RECORD_BYTES;
  }

  /** Speed and cost of each round, and their medians after the first ones. */
  static void measure(
      Figures figures, String what, Brokers brokers, int rounds, int warmUpRounds, Reading reading)
      throws Exception {
    List<Double> speeds = new ArrayList<>();
    List<Double> brokerCosts = new ArrayList<>();
    List<Double> clientCosts = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      double brokersBefore = brokers.usage().cpuSeconds();
      double clientBefore = ProcessUsage.ofThisProcess().cpuSeconds();
      long begunNs = System.nanoTime();
      double gigabytes = reading.run() / 1e9;
      speeds.add(gigabytes * 1e3 / ((System.nanoTime() - begunNs) / 1e9));
      brokerCosts.add((brokers.usage().cpuSeconds() - brokersBefore) / gigabytes);
      clientCosts.add((ProcessUsage.ofThisProcess().cpuSeconds() - clientBefore) / gigabytes);
    }
    figures.afterWarmUp(what, "MB/s", speeds, warmUpRounds);
    figures.afterWarmUp("  CPU, all brokers", "CPU-s/GB", brokerCosts, warmUpRounds);
    figures.afterWarmUp("  CPU, the client", "CPU-s/GB", clientCosts, warmUpRounds);
  }
}
