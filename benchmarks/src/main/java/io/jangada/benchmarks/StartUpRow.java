// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import java.util.ArrayList;
import java.util.List;

/** How soon killed nodes are ready again, and how large they are then. */
final class StartUpRow implements Row {
  private static final int ROUNDS = 5;

  @Override
  public void measure(Figures figures) throws Exception {
    measure(figures, 1);
    measure(figures, Brokers.COUNT);
  }

  private static void measure(Figures figures, int nodes) throws Exception {
    List<Double> seconds = new ArrayList<>();
    List<Double> cpuSeconds = new ArrayList<>();
    try (LocalCluster cluster = LocalCluster.start(nodes)) {
      Brokers brokers = new Brokers(cluster);
      figures.one(nodes + " node(s), idle: resident each", "MB", brokers.residentMegabytesEach());
      for (int round = 0; round < ROUNDS; round++) {
        brokers.killAll();
        long begunNs = System.nanoTime();
        brokers.startAll();
        cluster.awaitReady();
        seconds.add((System.nanoTime() - begunNs) / 1e9);
        cpuSeconds.add(brokers.usage().cpuSeconds());
      }
    }
    figures.rounds(nodes + " node(s) killed and started again, until ready", "s", seconds);
    figures.rounds("  CPU for that, all of them", "CPU-s", cpuSeconds);
  }
}
