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

/**
 * All brokers killed as soon as 2 GB were written to each, with as much in their journals as there
 * ever is then: how soon they are ready again.
 */
final class RecoveryRow implements Row {
  private static final int ROUNDS = 3;
  private static final int RECORDS = 2_000_000;
  private static final int RECORD_BYTES = 1_000;

  @Override
  public void measure(Figures figures) throws Exception {
    List<Double> seconds = new ArrayList<>();
    List<Double> journalMegabytes = new ArrayList<>();
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      Brokers brokers = new Brokers(cluster);
      client.admin().createTopic(NewTopic.of("recovery", 6, Brokers.COUNT));
      ProduceLoad load =
          new ProduceLoad(
              "recovery",
              RECORDS,
              RECORD_BYTES,
              0,
              ProducerConfig.defaults().withBatching(64 * 1024, Duration.ofMillis(5)));
      for (int round = 0; round < ROUNDS; round++) {
        load.run(client);
        brokers.killAll();
        journalMegabytes.add(brokers.journalMegabytesEach());
        long begunNs = System.nanoTime();
        brokers.startAll();
        cluster.awaitReady();
        seconds.add((System.nanoTime() - begunNs) / 1e9);
      }
    }
    figures.rounds("all killed after 2 GB were written, until ready", "s", seconds);
    figures.rounds("  journal files on disk, each broker", "MB", journalMegabytes);
  }
}
