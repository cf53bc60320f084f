// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import io.jangada.metadata.machine.ItemResult;
import io.jangada.metadata.machine.MetadataMachine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Settings of the cluster and of brokers that change while they run. */
class SettingsAlterationTest {
  private static final int CLUSTER = SettingsChange.CLUSTER;

  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private @Nullable Refusal alter(int brokerId, Map<String, String> set, String... unset) {
    return alter(new SettingsChange(brokerId, set, List.of(unset)), false);
  }

  private @Nullable Refusal alter(SettingsChange change, boolean validateOnly) {
    ControllerAnswer answer =
        metadata.ask(new ControllerRequest.AlterSettings(List.of(change), validateOnly));
    assertThat(answer).isInstanceOf(ControllerAnswer.SettingsAltered.class);
    return ((ControllerAnswer.SettingsAltered) answer).results().getFirst().refusal();
  }

  private String refused(int brokerId, String key, String value) {
    Refusal refusal = Objects.requireNonNull(alter(brokerId, Map.of(key, value)));
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    return refusal.message() + "; " + refusal.hint();
  }

  private TopicImage topic(String name) {
    return Objects.requireNonNull(metadata.image().topic(name));
  }

  @Test
  void whatIsNotNamedStaysAndTheMoreSpecificWins() {
    assertThat(alter(CLUSTER, Map.of("broker.parked-reads", "5", "num.partitions", "4"))).isNull();
    assertThat(alter(2, Map.of("broker.parked-reads", " 7 "))).isNull();
    assertThat(alter(CLUSTER, Map.of("logging.level", "warn"), "num.partitions")).isNull();
    assertThat(metadata.image().settings().cluster())
        .isEqualTo(Map.of("broker.parked-reads", "5", "logging.level", "warn"));
    assertThat(metadata.image().settings().inForce(2, "broker.parked-reads")).contains("7");
    assertThat(metadata.image().settings().inForce(1, "broker.parked-reads")).contains("5");
    assertThat(alter(2, Map.of(), "broker.parked-reads")).isNull();
    assertThat(metadata.image().settings().brokers()).containsExactly(CLUSTER);
  }

  @Test
  void newTopicsFollowTheClustersDefaults() {
    assertThat(
            alter(
                CLUSTER,
                Map.of(
                    "num.partitions", "4",
                    "default.replication.factor", "2",
                    "min.insync.replicas", "3",
                    "max.partitions.per.topic", "5")))
        .isNull();
    metadata.create("t", 0, 0);
    assertThat(topic("t").partitions()).hasSize(4);
    assertThat(metadata.partition("t", 0).replicas()).hasSize(2);
    assertThat(topic("t").configs()).containsEntry("min.insync.replicas", "2");
    ControllerAnswer.TopicsCreated refused =
        (ControllerAnswer.TopicsCreated)
            metadata.ask(
                new ControllerRequest.CreateTopics(
                    List.of(new ControllerRequest.NewTopic("u", 6, 1, Map.of())), false));
    assertThat(Objects.requireNonNull(refused.results().getFirst().refusal()).message())
        .contains("1 to 5 partitions");
  }

  @Test
  void livingTopicsFollowTheClustersDefaultsWhereTheyHaveNoneOfTheirOwn() {
    metadata.create("t", 1, 3);
    alter(CLUSTER, Map.of("retention.ms", "1000", "min.insync.replicas", "1"));
    MetadataImage image = metadata.image();
    assertThat(image.configs(topic("t")).retentionMs()).isEqualTo(1000);
    assertThat(image.configs(topic("t")).minInsyncReplicas()).isEqualTo(2);
  }

  @Test
  void badOnesAreRefusedWithAReason() {
    assertThat(refused(CLUSTER, "retention.mss", "1")).contains("did you mean retention.ms?");
    assertThat(refused(1, "broker.parked-read", "1")).contains("did you mean broker.parked-reads?");
    assertThat(refused(1, "retention.ms", "1")).contains("one of the cluster");
    assertThat(refused(CLUSTER, "replication.lag-timeout", "1ms")).contains("500ms..1h");
    assertThat(refused(CLUSTER, "logging.level", "loud")).contains("error, warn, info");
    assertThat(refused(CLUSTER, "broker.produces-in-flight", "64")).contains("such as 64KiB");
    assertThat(refused(CLUSTER, "retention.ms", "soon")).contains("a number from -1");
    assertThat(refused(CLUSTER, "default.replication.factor", "4")).contains("registered brokers");
    assertThat(Objects.requireNonNull(alter(9, Map.of("logging.level", "warn"))).code())
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(
            Objects.requireNonNull(alter(1, Map.of("logging.level", "warn"), "logging.level"))
                .message())
        .contains("does both");
    assertThat(metadata.image().settings().brokers()).isEmpty();
  }

  @Test
  void checkingChangesNothing() {
    SettingsChange good = new SettingsChange(1, Map.of("logging.level", "warn"), List.of());
    assertThat(alter(good, true)).isNull();
    assertThat(metadata.image().settings().brokers()).isEmpty();
  }

  @Test
  void anOldFeatureLevelHasNone() {
    MetadataImage old = MetadataImage.ofRecords(5, List.of(new MetadataRecord.FeatureLevelSet(2)));
    Decision decision =
        Controller.decide(old, new ControllerRequest.AlterSettings(List.of(), false), 1);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Answer.class,
            answer ->
                assertThat(((ControllerAnswer.Failed) answer.answer()).refusal().code())
                    .isEqualTo(ErrorCode.UNSUPPORTED));
  }

  /** Two operators at once: the second was decided on what the first has changed since. */
  @Test
  void aChangeThatWasDecidedOnOldSettingsIsRejected() {
    MetadataImage before = metadata.image();
    ControllerRequest request =
        new ControllerRequest.AlterSettings(
            List.of(new SettingsChange(CLUSTER, Map.of("num.partitions", "2"), List.of())), false);
    ConditionalBatch decided = ((Decision.Propose) Controller.decide(before, request, 1)).batch();
    alter(CLUSTER, Map.of("retention.ms", "1000"));
    assertThat(
            MetadataMachine.apply(metadata.image(), metadata.image().index() + 1, decided)
                .results()
                .getFirst())
        .isInstanceOf(ItemResult.Rejected.class);
  }
}
