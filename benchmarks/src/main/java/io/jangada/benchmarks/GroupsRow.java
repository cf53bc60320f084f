// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thousand groups of ten members each over Kafka's protocol: how soon they are all in, whether
 * 5,000 commits a second go beside their heartbeats, and for how long a member is without a
 * coordinator while one broker after the other is restarted.
 */
final class GroupsRow implements Row {
  private static final int GROUPS = 1_000;
  private static final int MEMBERS_EACH = 10;
  private static final int COMMITS_PER_SECOND = 5_000;
  private static final int WARM_UP_S = 20;
  private static final int ROUND_S = 10;
  private static final int ROUNDS = 3;
  private static final int BETWEEN_RESTARTS_S = 12;
  private static final String TOPIC = "consumed";

  @Override
  public void measure(Figures figures) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      client.admin().createTopic(new NewTopic(TOPIC, MEMBERS_EACH, Brokers.COUNT, Map.of()));
      List<String> bootstrap =
          cluster.nodes().stream().map(node -> node.plan().kafkaAddress()).toList();
      try (GroupMembers members = new GroupMembers(bootstrap, TOPIC, GROUPS, MEMBERS_EACH)) {
        join(figures, members);
        commit(figures, members, new Brokers(cluster));
        restart(figures, members, cluster);
      }
    }
  }

  private static void join(Figures figures, GroupMembers members) throws IOException {
    long begunNs = System.nanoTime();
    members.start();
    await(() -> members.joined() == GROUPS * MEMBERS_EACH);
    figures.one(
        GROUPS + " groups × " + MEMBERS_EACH + " members, until all have joined",
        "s",
        (System.nanoTime() - begunNs) / 1e9);
  }

  private static void commit(Figures figures, GroupMembers members, Brokers brokers)
      throws Exception {
    members.commitsPerSecond(COMMITS_PER_SECOND);
    TimeUnit.SECONDS.sleep(WARM_UP_S);
    List<Double> rates = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    List<Double> slow = new ArrayList<>();
    List<Double> cores = new ArrayList<>();
    List<Double> heartbeats = new ArrayList<>();
    members.takeCommitMillis();
    for (int round = 0; round < ROUNDS; round++) {
      long commitsBefore = members.commits();
      long heartbeatsBefore = members.heartbeats();
      double cpuBefore = brokers.usage().cpuSeconds();
      long begunNs = System.nanoTime();
      TimeUnit.SECONDS.sleep(ROUND_S);
      double seconds = (System.nanoTime() - begunNs) / 1e9;
      rates.add((members.commits() - commitsBefore) / seconds);
      heartbeats.add((members.heartbeats() - heartbeatsBefore) / seconds);
      cores.add((brokers.usage().cpuSeconds() - cpuBefore) / seconds);
      List<Double> millis = members.takeCommitMillis();
      medians.add(millis.get(millis.size() / 2));
      slow.add(millis.get(millis.size() * 99 / 100));
    }
    String what = "the same, " + COMMITS_PER_SECOND + " commits/s wanted: ";
    figures.rounds(what + "committed", "/s", rates);
    figures.rounds(what + "p50", "ms", medians);
    figures.rounds(what + "p99", "ms", slow);
    figures.rounds(what + "heartbeats", "/s", heartbeats);
    figures.rounds(what + "CPU of all brokers", "cores", cores);
    figures.one(what + "refused", "", (double) members.refused());
    figures.one(what + "members lost", "", (double) members.lost());
  }

  private static void restart(Figures figures, GroupMembers members, LocalCluster cluster)
      throws Exception {
    List<Double> gaps = new ArrayList<>();
    long lostBefore = members.lost();
    for (NodeProcess node : cluster.nodes()) {
      members.forgetGaps();
      node.stop();
      node.start();
      await(
          () -> {
            try {
              return node.ready();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      TimeUnit.SECONDS.sleep(BETWEEN_RESTARTS_S);
      gaps.add(members.longestGapMs());
    }
    String what = "the same, one broker after the other restarted: ";
    figures.rounds(what + "longest time without a coordinator", "ms", gaps);
    figures.one(what + "members lost", "", (double) (members.lost() - lostBefore));
  }

  static void await(java.util.function.BooleanSupplier condition) throws IOException {
    long deadlineNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadlineNs) {
        throw new IOException("expected it within 5 minutes, but it did not happen");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
