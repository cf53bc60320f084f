// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.chaos.history.HistoryChecker;
import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.chaos.lossy.LossyRequired;
import io.jangada.chaos.lossy.Survivors;
import io.jangada.client.Admin;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk that fails or drags under one broker, while records are written. */
@Tag("power-loss")
class FailingDisksTest {
  private static final String TOPIC = "failing-disk";
  private static final int PARTITIONS = 6;
  private static final int NODES = 3;
  private static final int SOME = 200;
  private static final long SLOW_SYNC_MS = 4_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private LossyDisks disks;
  private LocalCluster cluster;
  private JangadaClient client;

  @BeforeEach
  void start() throws Exception {
    LossyRequired.orSkip();
    disks = new LossyDisks(true, false);
    cluster = LocalCluster.start(LocalCluster.Options.ofTest(NODES).withDisks(disks));
    client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()));
    client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, NODES));
  }

  @AfterEach
  void stop() throws Exception {
    if (client != null) {
      client.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  /**
   * What a failed sync left out may still be read from the page cache, and the next sync succeeds
   * without writing it: who trusts that has lost it when the power fails.
   */
  @Test
  void whatAFailedSyncLeftOutIsNotTrustedAfterARestart() throws Exception {
    try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
      load.start(2, 1);
      load.awaitMore(SOME, PATIENCE);
      NodeProcess victim = cluster.node(leaderOf(0));
      disks.of(victim.plan().id()).failSyncs(1);
      load.awaitMore(SOME, PATIENCE);
      await("the sync fails", () -> failedSyncs(victim) > 0);
      // It may have ended by itself; if it serves on with what is left of it, it is told to end.
      if (victim.running()) {
        victim.kill();
      }
      load.awaitMore(SOME, PATIENCE);
      victim.start();
      cluster.awaitReady();
      await("all replicas are in sync", this::inSync);
      load.awaitMore(SOME, PATIENCE);

      for (NodeProcess node : cluster.nodes()) {
        disks.of(node.plan().id()).powerOff(1, Survivors.NONE);
      }
      for (NodeProcess node : cluster.nodes()) {
        if (node.running()) {
          node.kill();
        }
      }
      // The victim first, so that nothing but what it knows keeps it from leading.
      boot(victim);
      for (NodeProcess node : cluster.nodes()) {
        if (node != victim) {
          boot(node);
        }
      }
      cluster.awaitReady();
      load.awaitMore(SOME, PATIENCE);
      assertNothingLost(load);
    }
  }

  /** Rule 13: a leader whose disk drags hands over, and comes back when the disk does. */
  @Test
  void aLeaderWhoseDiskDragsHandsOver() throws Exception {
    try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
      load.start(2, 1);
      load.awaitMore(SOME, PATIENCE);
      int victim = leaderOf(0);
      disks.of(victim).slowSyncs(SLOW_SYNC_MS);
      await("others lead", () -> partitions().stream().noneMatch(each -> each.leader() == victim));
      load.awaitMore(SOME, PATIENCE);
      disks.of(victim).slowSyncs(0);
      await("all replicas are in sync", this::inSync);
      assertNothingLost(load);
    }
  }

  private void boot(NodeProcess node) throws Exception {
    disks.of(node.plan().id()).powerOn();
    node.reboot();
    node.start();
  }

  private long failedSyncs(NodeProcess node) {
    try {
      return disks.of(node.plan().id()).counters().get("failed-syncs");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<PartitionDescription> partitions() {
    Admin admin = client.admin();
    return admin.describeTopics(List.of(TOPIC)).get(0).orThrow().partitions();
  }

  private int leaderOf(int partition) {
    return partitions().get(partition).leader();
  }

  private boolean inSync() {
    return partitions().stream().allMatch(each -> each.isr().size() == NODES);
  }

  private static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("too late: %s", what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void assertNothingLost(Load load) throws InterruptedException {
    load.finish();
    assertThat(HistoryChecker.check(load.recorder().history(load.drain(PATIENCE)))).isEmpty();
    assertThat(load.readErrors()).isEmpty();
  }
}
