// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.clients;

import io.jangada.kafkatests.reference.JangadaUnderTest;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Two members of a group, one of which commits all the time; their coordinator is killed. What was
 * acknowledged is still committed then, the group soon commits again, and its members keep their
 * partitions. Once for each protocol of groups.
 */
final class KilledCoordinator {
  private static final int PARTITIONS = 4;
  private static final int COMMITS = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int NOBODY = -1;

  /** Two seconds where the machine has nothing else to do. */
  private static final Duration AGAIN_WITHIN = Duration.ofSeconds(5);

  private final SpokenTo cluster;
  private final Topics topics;
  private int killed = NOBODY;

  KilledCoordinator(SpokenTo cluster, Topics topics) {
    this.cluster = cluster;
    this.topics = topics;
  }

  String run(String protocol) throws Exception {
    try {
      return runOnce(protocol);
    } finally {
      restore();
    }
  }

  private String runOnce(String protocol) throws Exception {
    String topic = "killed-coordinator-" + protocol;
    topics.create(topic, PARTITIONS, cluster.brokers().size());
    try (Consumer<byte[], byte[]> one = consumer(topic, protocol);
        Consumer<byte[], byte[]> two = consumer(topic, protocol)) {
      one.subscribe(List.of(topic));
      two.subscribe(List.of(topic));
      shareAll(one, two);
      Set<TopicPartition> owned = new HashSet<>(one.assignment());
      TopicPartition partition = owned.iterator().next();
      long acknowledged = 0;
      while (acknowledged < COMMITS) {
        one.commitSync(Map.of(partition, new OffsetAndMetadata(++acknowledged)), PATIENCE);
        if (acknowledged % 20 == 0) {
          one.poll(Duration.ZERO);
          two.poll(Duration.ZERO);
        }
      }
      int coordinator = coordinator(topic);
      kill(coordinator);
      long killedNs = System.nanoTime();
      one.commitSync(Map.of(partition, new OffsetAndMetadata(acknowledged)), PATIENCE);
      Duration gap = Duration.ofNanos(System.nanoTime() - killedNs);
      long kept = one.committed(Set.of(partition), PATIENCE).get(partition).offset();
      if (kept != acknowledged) {
        throw new IOException(acknowledged + " was acknowledged, but " + kept + " is committed");
      }
      if (gap.compareTo(AGAIN_WITHIN) > 0) {
        throw new IOException("the group committed again only after " + gap.toMillis() + " ms");
      }
      shareAll(one, two);
      if (!one.assignment().equals(owned)) {
        throw new IOException(owned + " became " + one.assignment());
      }
      return "%d commits, broker %d killed, the next one acknowledged after %d ms, members stayed"
          .formatted(acknowledged, coordinator, gap.toMillis());
    }
  }

  /** Everybody is back when the next one begins. */
  private void restore() throws Exception {
    if (killed != NOBODY && cluster instanceof JangadaUnderTest jangada) {
      jangada.cluster().node(killed).start();
      killed = NOBODY;
      topics.awaitInSync(Topic.GROUP_METADATA_TOPIC_NAME);
    }
  }

  private void kill(int broker) throws InterruptedException {
    if (cluster instanceof JangadaUnderTest jangada) {
      jangada.cluster().node(broker).kill();
      killed = broker;
    }
  }

  /** Polls both until each has its half. */
  private static void shareAll(Consumer<byte[], byte[]> one, Consumer<byte[], byte[]> two)
      throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    do {
      if (System.nanoTime() > deadlineNs) {
        throw new IOException(one.assignment() + " and " + two.assignment());
      }
      one.poll(Duration.ofMillis(50));
      two.poll(Duration.ofMillis(50));
    } while (one.assignment().size() != PARTITIONS / 2
        || two.assignment().size() != PARTITIONS / 2);
  }

  private int coordinator(String group) throws InterruptedException, ExecutionException {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap()))) {
      return admin
          .describeConsumerGroups(List.of(group))
          .describedGroups()
          .get(group)
          .get()
          .coordinator()
          .id();
    }
  }

  private Consumer<byte[], byte[]> consumer(String group, String protocol) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", cluster.bootstrap());
    settings.put("group.id", group);
    settings.put("group.protocol", protocol);
    settings.put("enable.auto.commit", false);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
