// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.TopicConfigs;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics: names, defaults, limits, configuration. */
class TopicDecisionsTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  @Test
  void defaultsAreResolvedAndWrittenDown() {
    ControllerAnswer.CreateTopicResult result = metadata.create("t", 0, 0);
    assertThat(result.refusal()).isNull();
    assertThat(result.partitions()).isEqualTo(1);
    assertThat(result.replicationFactor()).isEqualTo(3);
    TopicImage topic = Objects.requireNonNull(metadata.image().topic("t"));
    assertThat(topic.id()).isEqualTo(result.topicId());
    assertThat(topic.configs()).containsExactly(Map.entry("min.insync.replicas", "2"));
    PartitionRegistration partition = metadata.partition("t", 0);
    assertThat(partition.isr()).isEqualTo(partition.replicas()).hasSize(3);
    assertThat(partition.leader()).isEqualTo(partition.replicas().getFirst());
  }

  @Test
  void aSingleCopyNeedsOnlyItself() {
    metadata.create("t", 1, 1);
    assertThat(
            Objects.requireNonNull(metadata.image().topic("t")).typedConfigs().minInsyncReplicas())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "ä", "a/b", "a:b", "a\u0000"})
  void anIllegalNameIsRefused(String name) {
    assertThat(code(metadata.create(name, 1, 1).refusal())).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
  }

  @Test
  void aNameMayHave249CharactersAndNotOneMore() {
    assertThat(metadata.create("x".repeat(249), 1, 1).refusal()).isNull();
    assertThat(code(metadata.create("x".repeat(250), 1, 1).refusal()))
        .isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
  }

  @Test
  void namesThatDifferOnlyInDotsAndUnderscoresAreRefused() {
    metadata.create("a.b_c", 1, 1);
    assertThat(code(metadata.create("a_b.c", 1, 1).refusal()))
        .isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
    assertThat(metadata.create("a.b-c", 1, 1).refusal()).isNull();
    assertThat(metadata.create("a.b_cc", 1, 1).refusal()).isNull();
  }

  @Test
  void aNameIsTakenOnce() {
    metadata.create("t", 1, 1);
    assertThat(code(metadata.create("t", 1, 1).refusal()))
        .isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    ControllerRequest.NewTopic twin = new ControllerRequest.NewTopic("twin", 1, 1, Map.of());
    ControllerAnswer answer =
        metadata.ask(new ControllerRequest.CreateTopics(List.of(twin, twin), false));
    var results = ((ControllerAnswer.TopicsCreated) answer).results();
    assertThat(results.get(0).refusal()).isNull();
    assertThat(code(results.get(1).refusal())).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
  }

  @Test
  void moreReplicasThanRegisteredBrokersAreRefusedWithTheNumbers() {
    Refusal refusal = metadata.create("t", 1, 4).refusal();
    assertThat(code(refusal)).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    assertThat(Objects.requireNonNull(refusal).message()).contains("expected", "3", "but", "4");
    assertThat(code(metadata.create("u", 1, -1).refusal()))
        .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    assertThat(code(new MetadataFixture().create("t", 1, 0).refusal()))
        .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
  }

  /** A broker that restarts must not stand in the way of who creates topics meanwhile. */
  @Test
  void aBrokerThatIsAwayIsAReplicaThatIsNotInSync() {
    metadata.stop(2);
    assertThat(metadata.create("t", 1, 0).refusal()).isNull();
    PartitionRegistration partition = metadata.partition("t", 0);
    assertThat(partition.replicas()).containsExactlyInAnyOrder(1, 2, 3).endsWith(2);
    assertThat(partition.isr()).containsExactlyInAnyOrder(1, 3);
  }

  @Test
  void withNobodyInServiceNothingIsCreated() {
    metadata.stop(1);
    metadata.stop(2);
    metadata.stop(3);
    assertThat(Objects.requireNonNull(metadata.create("t", 1, 1).refusal()).message())
        .isEqualTo("expected a broker in service to lead new partitions, but none is");
  }

  @Test
  void partitionsAreBounded() {
    assertThat(code(metadata.create("t", -1, 1).refusal())).isEqualTo(ErrorCode.INVALID_PARTITIONS);
    assertThat(code(metadata.create("t", 10_001, 1).refusal()))
        .isEqualTo(ErrorCode.INVALID_PARTITIONS);
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.CreateTopics(
                List.of(
                    new ControllerRequest.NewTopic("a", 6_000, 1, Map.of()),
                    new ControllerRequest.NewTopic("b", 6_000, 1, Map.of())),
                true));
    assertThat(code(((ControllerAnswer.TopicsCreated) answer).results().get(1).refusal()))
        .isEqualTo(ErrorCode.INVALID_PARTITIONS);
  }

  @Test
  void aMisspeltKeyIsRefusedWithTheRightOne() {
    Refusal refusal = metadata.create("t", 1, 1, Map.of("min.isync.replica", "1")).refusal();
    assertThat(code(refusal)).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(Objects.requireNonNull(refusal).hint())
        .isEqualTo("did you mean min.insync.replicas?");
    assertThat(
            Objects.requireNonNull(
                    metadata.create("t", 1, 1, Map.of("encryption", "aes")).refusal())
                .hint())
        .contains("max.message.bytes", "segment.bytes");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    for (Map<String, String> bad :
        List.of(
            Map.of("min.insync.replicas", "0"),
            Map.of("segment.bytes", "many"),
            Map.of("max.message.bytes", "99999999999"),
            Map.of("durability", "disk"),
            Map.of("retention.ms", "-2"),
            Map.of("unclean.leader.election.enable", "yes"))) {
      assertThat(code(metadata.create("t", 1, 1, bad).refusal()))
          .isEqualTo(ErrorCode.INVALID_CONFIG);
    }
    Map<String, String> good =
        Map.of("durability", "memory", "segment.bytes", "1048576", "retention.ms", "-1");
    assertThat(metadata.create("t", 1, 1, good).refusal()).isNull();
    TopicConfigs configs = Objects.requireNonNull(metadata.image().topic("t")).typedConfigs();
    assertThat(configs.segmentBytes()).isEqualTo(1_048_576);
    assertThat(configs.memoryDurable()).isTrue();
  }

  @Test
  void whatKafkaConfiguresAndThisVersionHasOneValueOfTakesThatValueOnly() {
    assertThat(
            metadata
                .create("t", 1, 1, Map.of("preallocate", " False", "compression.type", "producer"))
                .refusal())
        .isNull();
    Refusal refusal = metadata.create("u", 1, 1, Map.of("remote.storage.enable", "true")).refusal();
    assertThat(code(refusal)).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(Objects.requireNonNull(refusal).message())
        .isEqualTo("expected remote.storage.enable to be \"false\", but got \"true\"");
    assertThat(refusal.hint()).isEqualTo("there is no tiered storage in this version");
  }

  @Test
  void aTopicIsCompactedWhereEveryBrokerKnowsHow() {
    for (String policy : List.of("compact", "delete", "compact,delete", " Delete , compact")) {
      assertThat(metadata.create("t" + policy.length(), 1, 1, Map.of("cleanup.policy", policy)))
          .extracting(ControllerAnswer.CreateTopicResult::refusal)
          .isNull();
    }
    for (String policy : List.of("", "compact,", "shrink", "compact;delete")) {
      assertThat(code(metadata.create("u", 1, 1, Map.of("cleanup.policy", policy)).refusal()))
          .isEqualTo(ErrorCode.INVALID_CONFIG);
    }
    for (String ratio : List.of("-0.1", "1.1", "NaN", "half")) {
      assertThat(
              code(
                  metadata.create("u", 1, 1, Map.of("min.cleanable.dirty.ratio", ratio)).refusal()))
          .isEqualTo(ErrorCode.INVALID_CONFIG);
    }
    Map<String, String> lags = Map.of("min.compaction.lag.ms", "2", "max.compaction.lag.ms", "1");
    assertThat(code(metadata.create("u", 1, 1, lags).refusal()))
        .isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(code(TopicConfigs.checkTogether(Map.of("cleanup.policy", "delete,compact"), 5)))
        .isEqualTo(ErrorCode.UNSUPPORTED);
    assertThat(TopicConfigs.checkTogether(Map.of("cleanup.policy", "delete"), 5)).isNull();
    Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
    assertThat(code(TopicConfigs.checkTogether(appendTime, 5))).isEqualTo(ErrorCode.UNSUPPORTED);
    assertThat(TopicConfigs.checkTogether(appendTime, 6)).isNull();
    TopicConfigs.Cleanup cleanup =
        TopicConfigs.of(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01"))
            .cleanup();
    assertThat(cleanup)
        .isEqualTo(new TopicConfigs.Cleanup(false, true, 86_400_000, 0, Long.MAX_VALUE, 0.01));
  }

  @Test
  void checkingOnlyCreatesNothing() {
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.CreateTopics(
                List.of(new ControllerRequest.NewTopic("t", 2, 0, Map.of())), true));
    ControllerAnswer.CreateTopicResult result =
        ((ControllerAnswer.TopicsCreated) answer).results().getFirst();
    assertThat(result.refusal()).isNull();
    assertThat(result.replicationFactor()).isEqualTo(3);
    assertThat(metadata.image().topic("t")).isNull();
  }

  @Test
  void aDeletedTopicTakesItsPartitionsWithIt() {
    UUID id = Objects.requireNonNull(metadata.create("t", 2, 3).topicId());
    ControllerRequest delete = new ControllerRequest.DeleteTopics(List.of(id), false);
    assertThat(
            ((ControllerAnswer.TopicsDeleted) metadata.ask(delete)).results().getFirst().refusal())
        .isNull();
    assertThat(metadata.image().topic("t")).isNull();
    assertThat(metadata.image().partitionsOf(1)).isEmpty();
    assertThat(
            code(
                ((ControllerAnswer.TopicsDeleted) metadata.ask(delete))
                    .results()
                    .getFirst()
                    .refusal()))
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
  }

  private static ErrorCode code(@Nullable Refusal refusal) {
    return Objects.requireNonNull(refusal, "expected a refusal, but it was accepted").code();
  }
}
