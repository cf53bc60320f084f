// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.NettyChannelBuilder;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.Meter;
import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import io.jangada.client.internal.DefaultClient;
import io.jangada.client.internal.meters.ClientMeters;
import io.jangada.client.internal.net.Connections;
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

  /** Nobody listens on this port. */
  private static final int NOBODY = 1;

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
  void aLeaderThatOnlyTheOneReachableBrokerReaches() throws Exception {
    NodeProcess front = cluster.node(1);
    try (TcpProxy proxy = new TcpProxy(front.plan().grpcAddress());
        Workload workload =
            Workload.start(
                behind(proxy), new NewTopic("behind-one-address", PARTITIONS, NODES, Map.of()))) {
      workload.awaitMore(SOME);
      assertThat(meter(workload, "jangada.producer.batches.forwarded")).isPositive();
      int leader =
          workload.describe().stream()
              .mapToInt(PartitionDescription::leader)
              .filter(id -> id != front.plan().id())
              .findFirst()
              .orElseThrow();
      cluster.node(leader).kill();
      workload.awaitMore(SOME);
      restart(leader);
      workload.awaitMore(SOME);
      assertNothingLost(workload);
      assertThat(meter(workload, "jangada.consumer.reads.forwarded")).isPositive();
    }
  }

  /** A client that gets through to the proxy, and to nothing else. */
  private static JangadaClient behind(TcpProxy proxy) {
    ClientMeters meters = new ClientMeters();
    Connections connections =
        new Connections(
            address ->
                NettyChannelBuilder.forAddress(
                        "127.0.0.1", address.port() == proxy.port() ? proxy.port() : NOBODY)
                    .usePlaintext()
                    .build(),
            meters.connectionsFailed);
    return new DefaultClient(ClientConfig.of("127.0.0.1:" + proxy.port()), connections, meters);
  }

  private static double meter(Workload workload, String name) {
    return workload.client().meters().stream()
        .filter(meter -> meter.name().equals(name))
        .mapToDouble(Meter::value)
        .sum();
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
