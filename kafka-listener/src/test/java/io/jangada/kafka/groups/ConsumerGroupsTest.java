// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.AlterGroupOffsetsRequest;
import io.jangada.api.v1.DeleteGroupResult;
import io.jangada.api.v1.DeleteGroupsRequest;
import io.jangada.api.v1.DescribeGroupsRequest;
import io.jangada.api.v1.GroupDescription;
import io.jangada.api.v1.GroupOffsetChange;
import io.jangada.api.v1.GroupPartition;
import io.jangada.api.v1.GroupVerdict;
import io.jangada.api.v1.ListGroupsRequest;
import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.GroupConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.internal.DefaultClient;
import io.jangada.client.internal.meters.ClientMeters;
import io.jangada.client.internal.net.Connections;
import io.jangada.kafka.RawClient;
import io.jangada.kafka.RunningNode;
import io.jangada.wire.WireErrors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own consumers in groups, on one real node. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
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
            "groups.offsets-retention-check-interval=50ms",
            "groups.consumer-heartbeat-interval=100ms",
            "groups.consumer-session-timeout=3s");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** Nobody sends again what was committed without waiting for it. */
  @Test
  @Order(1)
  void theVeryFirstCommitWaitsUntilThereIsACoordinator() throws Exception {
    TopicPartition partition = new TopicPartition(topic(), 0);
    try (Consumer<byte[], byte[]> consumer = consumer("first", "consumer")) {
      consumer.assign(List.of(partition));
      List<Exception> failures = new ArrayList<>();
      consumer.commitAsync(
          Map.of(partition, new OffsetAndMetadata(7)),
          (committed, failure) -> {
            if (failure != null) {
              failures.add(failure);
            }
          });
      consumer.commitSync(Map.of());
      assertThat(failures).isEmpty();
      assertThat(consumer.committed(Set.of(partition)).get(partition).offset()).isEqualTo(7);
    }
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
                && hasReadAll(two)
                && commits(one)
                && commits(two);
          });
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
  void membersByGrpcAndByKafkaShareAGroupAndGoOnWhereTheOtherCommitted() throws Exception {
    String topic = topic();
    String group = "mixed-" + topic;
    produce(topic);
    ClientConfig config = ClientConfig.of("127.0.0.1:" + node.grpcPort());
    Lifeline lifeline = new Lifeline();
    try (Consumer<byte[], byte[]> kafkas = consumer(group, "consumer");
        JangadaClient client =
            new DefaultClient(
                config, new Connections(lifeline, new LongAdder()), new ClientMeters());
        io.jangada.client.Consumer ours = client.consumer(ConsumerConfig.defaults())) {
      kafkas.subscribe(List.of(topic));
      ours.subscribe(List.of(topic), GroupConfig.of(group).withoutAutoCommit());
      Set<String> read = new HashSet<>();
      until(
          () -> {
            poll(kafkas, read);
            poll(ours, read);
            return kafkas.assignment().size() == PARTITIONS / 2
                && ours.assignment().size() == PARTITIONS / 2
                && hasReadAll(kafkas)
                && ours.assignment().stream()
                    .allMatch(each -> ours.position(each) == RECORDS / PARTITIONS);
          });
      assertThat(read).hasSize(RECORDS);
      kafkas.commitSync();
      ours.commitSync();
      lifeline.cut(); // nothing is heard of it any more, as of a process that was killed
      produce(topic);
      int[] records = {0};
      until(
          () -> {
            records[0] += poll(kafkas, read);
            return records[0] >= RECORDS;
          });
      assertThat(records[0]).isEqualTo(RECORDS);
      kafkas.commitSync();
    }
    produce(topic);
    try (JangadaClient successor = JangadaClient.connect(config);
        io.jangada.client.Consumer ours = successor.consumer(ConsumerConfig.defaults())) {
      ours.subscribe(List.of(topic), GroupConfig.of(group));
      List<io.jangada.client.ConsumerRecord> records = new ArrayList<>();
      until(
          () -> {
            records.addAll(ours.poll(Duration.ofMillis(50)));
            return records.size() >= RECORDS;
          });
      assertThat(records).hasSize(RECORDS);
      assertThat(records)
          .allSatisfy(
              each -> assertThat(each.offset()).isGreaterThanOrEqualTo(2L * RECORDS / PARTITIONS));
    }
  }

  /** Channels to brokers, until they are cut; then they lead nowhere. */
  private static final class Lifeline implements Function<BrokerAddress, ManagedChannel> {
    private static final int NOBODY_LISTENS = 1;

    private final Queue<ManagedChannel> channels = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;

    @Override
    public ManagedChannel apply(BrokerAddress broker) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(broker.host(), cut ? NOBODY_LISTENS : broker.port())
              .usePlaintext()
              .directExecutor()
              .build();
      channels.add(channel);
      return channel;
    }

    void cut() {
      cut = true;
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private static void poll(io.jangada.client.Consumer consumer, Set<String> read) {
    consumer.poll(Duration.ofMillis(50)).forEach(each -> read.add(each.valueUtf8()));
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
      TopicPartition other = new TopicPartition(topic(), 0);
      admin.alterConsumerGroupOffsets(group, Map.of(other, new OffsetAndMetadata(0))).all().get();
      admin.deleteTopics(List.of(topic)).all().get();
      until(() -> committed(admin, group).keySet().equals(Set.of(other)));
      admin.deleteConsumerGroups(List.of(group)).all().get();
      assertThat(isListed(admin, group)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void theAdminServiceSeesAndChangesTheSameGroups(String protocol) throws Exception {
    String topic = topic();
    String group = "seen-" + topic;
    produce(topic);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", node.grpcPort()).usePlaintext().build();
    try {
      AdminServiceGrpc.AdminServiceBlockingStub admin = AdminServiceGrpc.newBlockingStub(channel);
      try (Consumer<byte[], byte[]> member = consumer(group, protocol)) {
        member.subscribe(List.of(topic));
        Set<String> read = new HashSet<>();
        until(
            () -> {
              poll(member, read);
              return read.size() == RECORDS;
            });
        member.commitSync(Map.of(new TopicPartition(topic, 1), new OffsetAndMetadata(4)));
        GroupDescription described = described(admin, group, 1);
        assertThat(described.getType()).isEqualTo(protocol);
        assertThat(described.getState()).isEqualTo("Stable");
        // Ten records are in each partition; in three of them nothing was committed.
        until(() -> described(admin, group, 1).getVerdict() == GroupVerdict.GROUP_VERDICT_STUCK);
        assertThat(described.getMembersList())
            .singleElement()
            .satisfies(only -> assertThat(only.getAssignmentList()).hasSize(PARTITIONS));
        assertThat(described.getOffsetsList())
            .filteredOn(offset -> offset.getPartition().getPartition() == 1)
            .singleElement()
            .satisfies(
                offset -> {
                  assertThat(offset.getOffset()).isEqualTo(4);
                  assertThat(offset.getLogEndOffset()).isEqualTo(RECORDS / PARTITIONS);
                  assertThat(offset.getLag()).isEqualTo(6);
                  assertThat(offset.getMemberId()).isNotEmpty();
                });
        assertThat(deletion(admin, group).getError().getCode()).isEqualTo("GROUP_NOT_EMPTY");
        assertThat(alteration(admin, group, topic, 1, true)).isEqualTo("GROUP_NOT_EMPTY");
        assertThat(alteration(admin, group, topic, 1, false)).isEqualTo("GROUP_NOT_EMPTY");
      }
      assertThat(alteration(admin, group, topic, PARTITIONS, false)).isEqualTo("UNKNOWN_PARTITION");
      assertThat(alteration(admin, group, topic, 1, false)).isEmpty();
      assertThat(described(admin, group, 0).getOffsets(1).getOffset()).isEqualTo(7);
      assertThat(described(admin, group, 0).getVerdict())
          .isIn(GroupVerdict.GROUP_VERDICT_IDLE, GroupVerdict.GROUP_VERDICT_MOVING);
      assertThat(admin.listGroups(ListGroupsRequest.getDefaultInstance()).getGroupsList())
          .anySatisfy(listed -> assertThat(listed.getGroupId()).isEqualTo(group));
      assertThat(deletion(admin, group).hasError()).isFalse();
      assertThat(deletion(admin, group).getError().getCode()).isEqualTo("GROUP_NOT_FOUND");
    } finally {
      channel.shutdownNow();
    }
  }

  private static GroupDescription described(
      AdminServiceGrpc.AdminServiceBlockingStub admin, String group, long stuckAfterMs) {
    return admin
        .describeGroups(
            DescribeGroupsRequest.newBuilder()
                .addGroupIds(group)
                .setStuckAfterMs(stuckAfterMs)
                .build())
        .getGroups(0);
  }

  private static DeleteGroupResult deletion(
      AdminServiceGrpc.AdminServiceBlockingStub admin, String group) {
    return admin
        .deleteGroups(DeleteGroupsRequest.newBuilder().addGroupIds(group).build())
        .getResults(0);
  }

  /** The code of what became of it; empty: it was done. */
  private static String alteration(
      AdminServiceGrpc.AdminServiceBlockingStub admin,
      String group,
      String topic,
      int partition,
      boolean validateOnly) {
    try {
      return admin
          .alterGroupOffsets(
              AlterGroupOffsetsRequest.newBuilder()
                  .setGroupId(group)
                  .setValidateOnly(validateOnly)
                  .addChanges(
                      GroupOffsetChange.newBuilder()
                          .setPartition(
                              GroupPartition.newBuilder().setTopic(topic).setPartition(partition))
                          .setOffset(7))
                  .build())
          .getResults(0)
          .getError()
          .getCode();
    } catch (StatusRuntimeException refused) {
      return WireErrors.fromCall(refused, "the node", true).code().name();
    }
  }

  @Test
  void offsetsExpireAndTheirGroupGoesWithTheLastOfThem() throws Exception {
    String topic = topic();
    String group = "expiring-" + topic;
    try (Admin admin = Admin.create(node.clientConfig());
        RawClient raw = new RawClient(node.kafkaPort())) {
      admin
          .alterConsumerGroupOffsets(
              group, Map.of(new TopicPartition(topic, 1), new OffsetAndMetadata(1)))
          .all()
          .get();
      // Old clients say themselves how long an offset is to be kept.
      raw.ask(ApiKeys.OFFSET_COMMIT, (short) 2, 1, shortLived(group, topic, 0));
      until(() -> committed(admin, group).keySet().equals(Set.of(new TopicPartition(topic, 1))));
      raw.ask(ApiKeys.OFFSET_COMMIT, (short) 2, 2, shortLived(group, topic, 1));
      until(() -> committed(admin, group).isEmpty() && !isListed(admin, group));
    }
  }

  private static OffsetCommitRequestData shortLived(String group, String topic, int partition) {
    return new OffsetCommitRequestData()
        .setGroupId(group)
        .setRetentionTimeMs(1)
        .setTopics(
            List.of(
                new OffsetCommitRequestData.OffsetCommitRequestTopic()
                    .setName(topic)
                    .setPartitions(
                        List.of(
                            new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(3)))));
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group) {
    try {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isListed(Admin admin, String group) {
    try {
      return admin.listGroups().all().get().stream()
          .anyMatch(listed -> listed.groupId().equals(group));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void commitsForATopicThatIsGoneAreRefused() throws Exception {
    String topic = topic();
    String group = "late-" + topic;
    try (Admin admin = Admin.create(node.clientConfig())) {
      admin.deleteTopics(List.of(topic)).all().get();
      assertThat(
              admin
                  .alterConsumerGroupOffsets(
                      group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1)))
                  .all())
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }
  }

  @Test
  void theOffsetsTopicIsCompacted() throws Exception {
    try (Consumer<byte[], byte[]> any = consumer("any", "classic");
        Admin admin = Admin.create(node.clientConfig())) {
      any.committed(Set.of(new TopicPartition("none", 0)));
      ConfigResource offsets =
          new ConfigResource(ConfigResource.Type.TOPIC, Topic.GROUP_METADATA_TOPIC_NAME);
      assertThat(
              admin
                  .describeConfigs(List.of(offsets))
                  .all()
                  .get()
                  .get(offsets)
                  .get("cleanup.policy")
                  .value())
          .isEqualTo("compact");
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

  /** Not while the other one is still being let in. */
  private static boolean commits(Consumer<byte[], byte[]> consumer) {
    try {
      consumer.commitSync();
      return true;
    } catch (RebalanceInProgressException | CommitFailedException e) {
      return false;
    }
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
