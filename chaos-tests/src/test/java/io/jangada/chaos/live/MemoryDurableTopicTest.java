// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import io.jangada.client.TopicConfigChange;
import io.jangada.common.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * A topic that is durable in memory, beside one that is synced: killed processes lose nothing of
 * either; after a reboot no replica of the former has any rights left, because nobody knows what
 * the machines have lost (rule 8).
 */
class MemoryDurableTopicTest {
  private static final String IN_MEMORY = "in-memory";
  private static final String SYNCED = "synced";
  private static final Map<String, String> MEMORY = Map.of("durability", "memory");
  private static final int PARTITIONS = 3;
  private static final int SOME = 300;

  @Test
  void survivesTheProcessesButNotTheMachines() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      try (Workload inMemory =
              Workload.start(cluster, new NewTopic(IN_MEMORY, PARTITIONS, 3, MEMORY));
          Workload synced = Workload.start(cluster, SYNCED, 1)) {
        inMemory.awaitMore(SOME);
        alter(inMemory, "fsync");
        inMemory.awaitMore(SOME);
        alter(inMemory, "memory");
        inMemory.awaitMore(SOME);
        synced.awaitMore(1);
        killAll(cluster);
        startAll(cluster);
        inMemory.awaitMore(SOME);
        synced.awaitMore(1);
        assertNothingLost(inMemory);
        synced.finish();

        killAll(cluster);
        cluster.nodes().forEach(NodeProcess::reboot);
        startAll(cluster);
        assertNothingLost(synced);
        for (PartitionDescription each : partitions(inMemory)) {
          assertThat(each.leader()).as("leader of %s", each).isEqualTo(-1);
          assertThat(each.isr()).isEmpty();
          assertThat(each.elr()).isEmpty();
        }
        for (int i = 0; i < PARTITIONS; i++) {
          TopicPartition partition = new TopicPartition(IN_MEMORY, i);
          int leader =
              inMemory.client().admin().electFromLastKnown(partition, OptionalInt.empty(), false);
          assertThat(leader).isPositive();
        }
        // No page cache was lost, in truth.
        assertThat(inMemory.missing(inMemory.readAll())).isEmpty();
      }
    }
  }

  private static void alter(Workload workload, String durability) {
    TopicConfigChange change = TopicConfigChange.set(IN_MEMORY, "durability", durability);
    workload.client().admin().alterTopicConfigs(List.of(change), false).getFirst().orThrow();
  }

  private static List<PartitionDescription> partitions(Workload workload) {
    return workload
        .client()
        .admin()
        .describeTopics(List.of(IN_MEMORY))
        .getFirst()
        .orThrow()
        .partitions();
  }

  private static void killAll(LocalCluster cluster) throws Exception {
    for (NodeProcess node : cluster.nodes()) {
      node.kill();
    }
  }

  private static void startAll(LocalCluster cluster) throws Exception {
    for (NodeProcess node : cluster.nodes()) {
      node.start();
    }
    cluster.awaitReady();
  }

  private static void assertNothingLost(Workload workload) throws InterruptedException {
    workload.finish();
    Map<Long, Integer> read = workload.readAll();
    assertThat(workload.missing(read)).as("acknowledged, but not there").isEmpty();
    assertThat(Workload.repeated(read)).as("there more than once").isEmpty();
    assertThat(workload.failures()).as("given up by the producer").isEmpty();
  }
}
