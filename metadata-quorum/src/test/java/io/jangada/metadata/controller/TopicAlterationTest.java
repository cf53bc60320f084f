// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes of a living topic's configuration. */
class TopicAlterationTest {
  private static final String MIN_ISR = "min.insync.replicas";

  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private TopicImage topic() {
    return Objects.requireNonNull(metadata.image().topic("t"));
  }

  private @Nullable Refusal alter(Map<String, String> set, String... unset) {
    return alter(topic().id(), set, false, unset);
  }

  private @Nullable Refusal alter(
      UUID id, Map<String, String> set, boolean validateOnly, String... unset) {
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.AlterTopicConfigs(
                List.of(new ControllerRequest.TopicConfigChange(id, set, List.of(unset))),
                validateOnly));
    assertThat(answer).isInstanceOf(ControllerAnswer.TopicConfigsAltered.class);
    return ((ControllerAnswer.TopicConfigsAltered) answer).results().getFirst().refusal();
  }

  @Test
  void whatIsNotNamedStays() {
    metadata.create("t", 2, 3);
    assertThat(alter(Map.of("retention.ms", "1000", "segment.bytes", "8192"))).isNull();
    assertThat(alter(Map.of("max.message.bytes", "4096"), "segment.bytes")).isNull();
    assertThat(topic().configs())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(MIN_ISR, "2", "retention.ms", "1000", "max.message.bytes", "4096"));
  }

  @Test
  void onlyAnotherMinIsrTouchesThePartitions() {
    metadata.create("t", 2, 3);
    int epoch = metadata.partition("t", 1).partitionEpoch();
    alter(Map.of("retention.ms", "1000"));
    assertThat(metadata.partition("t", 1).partitionEpoch()).isEqualTo(epoch);
    alter(Map.of(MIN_ISR, "3"));
    assertThat(metadata.partition("t", 1).partitionEpoch()).isEqualTo(epoch + 1);
    assertThat(metadata.partition("t", 1).leaderEpoch()).isZero();
  }

  @Test
  void aLowerMinIsrEndsEligibilityInTheSameEntry() {
    metadata.create("t", 1, 3);
    metadata.stop(2);
    metadata.stop(3);
    PartitionRegistration before = metadata.partition("t", 0);
    assertThat(before.isr()).hasSize(1);
    assertThat(before.elr()).isNotEmpty();
    assertThat(alter(Map.of(MIN_ISR, "1"))).isNull();
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after.isr()).isEqualTo(before.isr());
    assertThat(after.elr()).isEmpty();
    assertThat(after.lastKnownElr()).isEmpty();
  }

  /** Under the old min ISR, whoever leaves keeps its rights; under the new one it must not. */
  @Test
  void aChangeOfTheIsrThatWasDecidedUnderTheOldMinIsrIsRejected() {
    metadata.create("t", 1, 2);
    assertThat(alter(Map.of(MIN_ISR, "2"))).isNull();
    ControllerRequest.AlterIsr shrink =
        metadata.proposal("t", 0, metadata.partition("t", 0).leader());
    assertThat(alter(Map.of(MIN_ISR, "1"))).isNull();
    assertThat(metadata.alterIsr(shrink).refusal())
        .extracting(Refusal::code)
        .isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
  }

  @Test
  void unsettingMinIsrGoesBackToTheDefaultOfTheReplicationFactor() {
    metadata.create("t", 1, 3);
    alter(Map.of(MIN_ISR, "3"));
    alter(Map.of(), MIN_ISR);
    assertThat(topic().typedConfigs().minInsyncReplicas()).isEqualTo(2);
  }

  @Test
  void whatIsWrongIsRefusedAndChangesNothing() {
    metadata.create("t", 1, 3);
    Map<String, String> before = topic().configs();
    assertThat(alter(Map.of("retention.ms", "soon")))
        .extracting(Refusal::code)
        .isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(alter(Map.of(), "retention.mz"))
        .extracting(Refusal::hint)
        .isEqualTo("did you mean retention.ms?");
    assertThat(alter(Map.of("retention.ms", "1"), "retention.ms"))
        .extracting(Refusal::code)
        .isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(alter(new UUID(1, 1), Map.of("retention.ms", "1"), false))
        .extracting(Refusal::code)
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
    assertThat(alter(topic().id(), Map.of("retention.ms", "1"), true)).isNull();
    assertThat(topic().configs()).isEqualTo(before);
  }
}
