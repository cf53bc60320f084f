// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.clients;

import io.jangada.kafkatests.conversation.TopicWatch;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** Topics for clients, by Kafka's own admin client. */
public final class Topics {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SpokenTo cluster;

  /** Of that cluster. */
  public Topics(SpokenTo cluster) {
    this.cluster = cluster;
  }

  /** Makes a topic that all brokers know. */
  public void create(String name, int partitions, int replicas)
      throws IOException, InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) replicas))).all().get();
    }
    TopicWatch.awaitLeaders(cluster, cluster.ids(), name, partitions);
  }

  /** The broker that leads a partition. */
  public int leader(TopicPartition partition) throws InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      TopicPartitionInfo info =
          admin
              .describeTopics(List.of(partition.topic()))
              .allTopicNames()
              .get()
              .get(partition.topic())
              .partitions()
              .get(partition.partition());
      return info.leader().id();
    }
  }

  /** Waits until all replicas of a topic are in sync. */
  public void awaitInSync(String name) throws InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
      while (!admin.describeTopics(List.of(name)).allTopicNames().get().values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.isr().size() == partition.replicas().size())) {
        if (System.nanoTime() > deadlineNs) {
          throw new IllegalStateException("replicas of " + name + " are not in sync in time");
        }
        Thread.sleep(50);
      }
    }
  }

  /** The sum of the end offsets of a topic's partitions. */
  public long ends(String name) throws InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
      admin
          .describeTopics(List.of(name))
          .allTopicNames()
          .get()
          .get(name)
          .partitions()
          .forEach(
              info -> wanted.put(new TopicPartition(name, info.partition()), OffsetSpec.latest()));
      return admin.listOffsets(wanted).all().get().values().stream()
          .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
          .sum();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap()));
  }
}
