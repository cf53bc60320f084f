// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.client.Admin;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.TopicConfigChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * A million committed offsets, each committed five times: how far the log of the offsets shrinks,
 * and how soon the coordinator of all of them answers for every group after it was killed, before
 * and after its log was compacted.
 */
final class OffsetsLoadRow implements Row {
  private static final int GROUPS = 1_000;
  private static final int PARTITIONS = 1_000;
  private static final int TIMES = 5;
  private static final int KILLS = 3;
  private static final short COMMIT_VERSION = 9;
  private static final short FETCH_VERSION = 9;
  private static final int NO_EPOCH = -1;
  private static final String TOPIC = "consumed";
  private static final String OFFSETS = "__consumer_offsets";

  @Override
  public void measure(Figures figures) throws Exception {
    LocalCluster.Options options =
        LocalCluster.Options.ofTest(1).withSettings(Map.of("storage.compaction-rate", "100MiB"));
    try (LocalCluster cluster = LocalCluster.start(options);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      Admin admin = client.admin();
      NodeProcess node = cluster.node(1);
      admin.createTopic(new NewTopic(TOPIC, PARTITIONS, 1, Map.of()));
      commitAll(node, 0);
      for (int time = 1; time < TIMES; time++) {
        commitAll(node, time);
      }
      figures.one("1,000,000 offsets committed 5 times: log", "MB", megabytes(node));
      figures.one(
          "the same: live heap of the broker for each offset",
          "bytes",
          new Brokers(cluster).liveHeapBytesEach() / (GROUPS * PARTITIONS));
      loads(figures, node, "as it was written: ");
      // Segments that close soon, so that all but the last is compacted.
      admin
          .alterTopicConfigs(
              List.of(
                  new TopicConfigChange(
                      OFFSETS,
                      Map.of("segment.bytes", "1048576", "min.cleanable.dirty.ratio", "0.01"),
                      List.of())),
              false)
          .getFirst()
          .orThrow();
      double before = megabytes(node);
      commitAll(node, TIMES);
      GroupsRow.await(() -> megabytes(node) < before / 2);
      TimeUnit.SECONDS.sleep(10);
      figures.one("the same, compacted: log", "MB", megabytes(node));
      loads(figures, node, "compacted: ");
    }
  }

  private static void loads(Figures figures, NodeProcess node, String what) throws Exception {
    List<Double> loads = new ArrayList<>();
    List<Double> wholes = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      node.kill();
      long startedNs = System.nanoTime();
      node.start();
      GroupsRow.await(
          () -> {
            try {
              return node.ready();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      long readyNs = System.nanoTime();
      awaitAllAnswered(node);
      loads.add((System.nanoTime() - readyNs) / 1e9);
      wholes.add((System.nanoTime() - startedNs) / 1e9);
    }
    figures.rounds(what + "killed and started, ready → all groups answered", "s", loads);
    figures.rounds(what + "the same from the start of the process on", "s", wholes);
  }

  private static void commitAll(NodeProcess node, int time) throws IOException {
    try (GroupConnection connection = new GroupConnection(List.of(node.plan().kafkaAddress()))) {
      for (int group = 0; group < GROUPS; group++) {
        commit(connection, "group-" + group, time);
      }
    }
  }

  private static void commit(GroupConnection connection, String group, int time)
      throws IOException {
    List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      partitions.add(
          new OffsetCommitRequestPartition()
              .setPartitionIndex(partition)
              .setCommittedOffset(time)
              .setCommittedMetadata(""));
    }
    OffsetCommitRequestData request =
        new OffsetCommitRequestData()
            .setGroupId(group)
            .setGenerationIdOrMemberEpoch(NO_EPOCH)
            .setTopics(
                List.of(new OffsetCommitRequestTopic().setName(TOPIC).setPartitions(partitions)));
    GroupsRow.await(
        () -> {
          try {
            return new OffsetCommitResponseData(
                    connection.ask(group, ApiKeys.OFFSET_COMMIT, COMMIT_VERSION, request),
                    COMMIT_VERSION)
                .topics().getFirst().partitions().stream()
                    .allMatch(partition -> partition.errorCode() == Errors.NONE.code());
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  /** Until each group's last offset is told: its coordinator has read the group's log. */
  private static void awaitAllAnswered(NodeProcess node) throws IOException {
    try (GroupConnection connection = new GroupConnection(List.of(node.plan().kafkaAddress()))) {
      for (int i = 0; i < GROUPS; i++) {
        String group = "group-" + i;
        GroupsRow.await(() -> isTold(connection, group));
      }
    }
  }

  private static boolean isTold(GroupConnection connection, String group) {
    try {
      OffsetFetchResponseData.OffsetFetchResponseGroup told =
          new OffsetFetchResponseData(
                  connection.ask(
                      group,
                      ApiKeys.OFFSET_FETCH,
                      FETCH_VERSION,
                      new OffsetFetchRequestData()
                          .setGroups(
                              List.of(
                                  new OffsetFetchRequestGroup()
                                      .setGroupId(group)
                                      .setMemberEpoch(NO_EPOCH)
                                      .setTopics(
                                          List.of(
                                              new OffsetFetchRequestTopics()
                                                  .setName(TOPIC)
                                                  .setPartitionIndexes(
                                                      List.of(PARTITIONS - 1))))))),
                  FETCH_VERSION)
              .groups()
              .getFirst();
      if (told.errorCode() != Errors.NONE.code()) {
        connection.forget(group);
        return false;
      }
      if (told.topics().getFirst().partitions().getFirst().committedOffset() < 0) {
        throw new IllegalStateException("an offset of " + group + " is lost");
      }
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static double megabytes(NodeProcess node) {
    try (Stream<Path> files = Files.walk(node.plan().directory())) {
      long bytes = 0;
      for (Path file : files.filter(OffsetsLoadRow::isOfOffsets).toList()) {
        bytes += Files.size(file);
      }
      return bytes / 1e6;
    } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException compactedMeanwhile) {
      return Double.MAX_VALUE;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean isOfOffsets(Path path) {
    return path.toString().endsWith(".log") && path.toString().contains(OFFSETS);
  }
}
