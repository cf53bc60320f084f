// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Real brokers are killed, frozen and restarted while records are written: what was acknowledged is
 * there afterwards, once.
 */
class KilledBrokersTest {
  private static final int PARTITIONS = 6;
  private static final int NODES = 3;
  private static final int SOME = 300;

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = LocalCluster.start(NODES);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aPartitionsLeader() throws Exception {
    try (Workload workload = Workload.start(cluster, "leader-killed", PARTITIONS)) {
      workload.awaitMore(SOME);
      int leader = workload.leaderOf(0);
      cluster.node(leader).kill();
      workload.awaitMore(SOME);
      assertThat(workload.leaderOf(0)).isNotEqualTo(leader);
      restart(leader);
      workload.awaitMore(SOME);
      assertNothingLost(workload);
    }
  }

  @Test
  void theQuorumsLeader() throws Exception {
    try (Workload workload = Workload.start(cluster, "quorum-leader-killed", PARTITIONS)) {
      workload.awaitMore(SOME);
      int leader = workload.client().admin().describeQuorum().leaderId();
      cluster.node(leader).kill();
      workload.awaitMore(SOME);
      restart(leader);
      workload.awaitMore(SOME);
      assertNothingLost(workload);
    }
  }

  @Test
  void aLeaderThatIsBackBeforeItIsMissed() throws Exception {
    try (Workload workload = Workload.start(cluster, "fast-restart", PARTITIONS)) {
      workload.awaitMore(SOME);
      int leader = workload.leaderOf(0);
      cluster.node(leader).kill();
      restart(leader);
      workload.awaitMore(SOME);
      assertNothingLost(workload);
    }
  }

  @Test
  void allAtOnce() throws Exception {
    try (Workload workload = Workload.start(cluster, "all-killed", PARTITIONS)) {
      workload.awaitMore(SOME);
      for (NodeProcess node : cluster.nodes()) {
        node.kill();
      }
      for (NodeProcess node : cluster.nodes()) {
        node.start();
      }
      cluster.awaitReady();
      workload.awaitMore(SOME);
      assertNothingLost(workload);
    }
  }

  @Test
  void aLeaderThatFreezesAndComesBackAsAZombie() throws Exception {
    try (Workload workload = Workload.start(cluster, "zombie", PARTITIONS)) {
      workload.awaitMore(SOME);
      int leader = workload.leaderOf(0);
      cluster.node(leader).freeze();
      try {
        workload.awaitMore(SOME);
      } finally {
        cluster.node(leader).thaw();
      }
      workload.awaitMore(SOME);
      cluster.awaitReady();
      assertNothingLost(workload);
    }
  }

  @Test
  void oneAfterTheOtherInGoodOrder() throws Exception {
    try (Workload workload = Workload.start(cluster, "rolling-restart", PARTITIONS)) {
      for (NodeProcess node : cluster.nodes()) {
        workload.awaitMore(SOME);
        node.stop();
        restart(node.plan().id());
      }
      workload.awaitMore(SOME);
      assertNothingLost(workload);
    }
  }

  private static void restart(int id) throws Exception {
    cluster.node(id).start();
    cluster.awaitReady();
  }

  private static void assertNothingLost(Workload workload) throws InterruptedException {
    workload.finish();
    Map<Long, Integer> read = workload.readAll();
    assertThat(workload.missing(read)).as("acknowledged, but not there").isEmpty();
    assertThat(Workload.repeated(read)).as("there more than once").isEmpty();
    assertThat(workload.failures()).as("given up by the producer").isEmpty();
    assertThat(workload.acknowledgedCount()).isPositive();
  }
}
