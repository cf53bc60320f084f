// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.kafka.RunningNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own consumers in groups, on one real node. */
class ConsumerGroupsTest {
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 40;
  private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();

  @TempDir static Path directory;
  private static RunningNode node;

  @BeforeAll
  static void start() throws Exception {
    node =
        RunningNode.start(
            directory,
            "groups.offsets-partitions=3",
            "groups.initial-rebalance-delay=0s",
            "groups.min-session-timeout=100ms",
            "groups.consumer-heartbeat-interval=100ms",
            "groups.consumer-session-timeout=6s");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "cooperative", "consumer"})
  void twoMembersShareATopicAndASuccessorGoesOnWhereTheyCommitted(String protocol)
      throws Exception {
    String topic = topic();
    String group = "group-" + topic;
    produce(topic);
    try (Consumer<byte[], byte[]> one = consumer(group, protocol);
        Consumer<byte[], byte[]> two = consumer(group, protocol)) {
      one.subscribe(List.of(topic));
      two.subscribe(List.of(topic));
      Set<String> read = new HashSet<>();
      until(
          () -> {
            poll(one, read);
            poll(two, read);
            return one.assignment().size() == PARTITIONS / 2
                && two.assignment().size() == PARTITIONS / 2
                && hasReadAll(one)
                && hasReadAll(two);
          });
      one.commitSync();
      two.commitSync();
    }
    produce(topic);
    try (Consumer<byte[], byte[]> successor = consumer(group, protocol)) {
      successor.subscribe(List.of(topic));
      Set<String> read = new HashSet<>();
      int[] records = {0};
      until(
          () -> {
            records[0] += poll(successor, read);
            return records[0] >= RECORDS;
          });
      assertThat(records[0]).isEqualTo(RECORDS);
    }
  }

  @Test
  void whatIsKnownOfAGroupIsDescribedChangedAndDeleted() throws Exception {
    String topic = topic();
    String group = "described-" + topic;
    produce(topic);
    TopicPartition first = new TopicPartition(topic, 0);
    try (Admin admin = Admin.create(node.clientConfig())) {
      try (Consumer<byte[], byte[]> member = consumer(group, "classic")) {
        member.subscribe(List.of(topic));
        Set<String> read = new HashSet<>();
        until(
            () -> {
              poll(member, read);
              return read.size() == RECORDS;
            });
        member.commitSync(Map.of(first, new OffsetAndMetadata(7, "a note")));
        ConsumerGroupDescription described =
            admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
        assertThat(described.members()).hasSize(1);
      }
      assertThat(admin.listGroups().all().get())
          .anySatisfy(listed -> assertThat(listed.groupId()).isEqualTo(group));
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      assertThat(offsets.get(first)).isEqualTo(new OffsetAndMetadata(7, "a note"));
      admin.alterConsumerGroupOffsets(group, Map.of(first, new OffsetAndMetadata(3))).all().get();
      admin.deleteConsumerGroupOffsets(group, Set.of(new TopicPartition(topic, 1))).all().get();
      assertThat(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get())
          .isEqualTo(Map.of(first, new OffsetAndMetadata(3)));
      admin.deleteTopics(List.of(topic)).all().get();
      until(
          () -> {
            try {
              return admin
                  .listConsumerGroupOffsets(group)
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .isEmpty();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      admin.deleteConsumerGroups(List.of(group)).all().get();
      assertThat(admin.listGroups().all().get())
          .noneSatisfy(listed -> assertThat(listed.groupId()).isEqualTo(group));
    }
  }

  @Test
  void nobodyElseWritesToTheOffsetsTopic() throws Exception {
    try (Consumer<byte[], byte[]> any = consumer("any", "classic");
        KafkaProducer<byte[], byte[]> producer = producer()) {
      any.committed(Set.of(new TopicPartition("none", 0)));
      assertThat(
              producer.send(
                  new ProducerRecord<>(
                      Topic.GROUP_METADATA_TOPIC_NAME, 0, new byte[] {1}, new byte[] {2})))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(InvalidTopicException.class);
    }
    try (Admin admin = Admin.create(node.clientConfig())) {
      assertThat(
              admin
                  .describeTopics(List.of(Topic.GROUP_METADATA_TOPIC_NAME))
                  .allTopicNames()
                  .get()
                  .get(Topic.GROUP_METADATA_TOPIC_NAME)
                  .isInternal())
          .isTrue();
    }
    assertThat(node.metrics()).contains("jangada_groups_num_offsets");
  }

  private static String topic() throws Exception {
    String topic = "t-" + UUID.randomUUID();
    try (Admin admin = Admin.create(node.clientConfig())) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    }
    return topic;
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        node.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void produce(String topic) {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int i = 0; i < RECORDS; i++) {
        var unused =
            producer.send(
                new ProducerRecord<>(
                    topic,
                    i % PARTITIONS,
                    null,
                    Integer.toString(i).getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  private static Consumer<byte[], byte[]> consumer(String group, String protocol) {
    Map<String, Object> config = new HashMap<>(node.clientConfig());
    config.put("group.id", group);
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", "false");
    switch (protocol) {
      case "consumer" -> config.put("group.protocol", "consumer");
      case "cooperative" ->
          config.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
      default -> config.put("group.protocol", "classic");
    }
    if (!protocol.equals("consumer")) {
      config.put("heartbeat.interval.ms", "100");
    }
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** What one has read and lost to the other uncommitted, the other reads again. */
  private static boolean hasReadAll(Consumer<byte[], byte[]> consumer) {
    return consumer.assignment().stream()
        .allMatch(partition -> consumer.position(partition) == RECORDS / PARTITIONS);
  }

  private static int poll(Consumer<byte[], byte[]> consumer, Set<String> read) {
    int polled = 0;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
      read.add(new String(record.value(), StandardCharsets.UTF_8));
      polled++;
    }
    return polled;
  }

  private static void until(BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError("not within 30 s");
      }
    }
  }
}
