// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerAnswer.PreferredElectionResult;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaderships that go back to the first replicas. */
class PreferredElectionTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
  private int preferred;

  @BeforeEach
  void someoneElseLeads() {
    metadata.create("t", 1, 3);
    preferred = metadata.partition("t", 0).replicas().getFirst();
    metadata.stop(preferred);
    assertThat(metadata.partition("t", 0).leader()).isNotEqualTo(preferred);
  }

  private void comesBack() {
    metadata.start(preferred);
    metadata.alterIsr("t", 0, 1, 2, 3);
  }

  private PreferredElectionResult elect(boolean validateOnly) {
    return elect(metadata.id("t", 0), validateOnly);
  }

  private PreferredElectionResult elect(TopicIdPartition id, boolean validateOnly) {
    ControllerAnswer answer =
        metadata.ask(new ControllerRequest.ElectPreferred(List.of(id), validateOnly));
    return ((ControllerAnswer.PreferredElected) answer).results().getFirst();
  }

  @Test
  void theFirstReplicaLeadsOnceItIsInSync() {
    comesBack();
    PartitionRegistration before = metadata.partition("t", 0);
    assertThat(elect(false))
        .isEqualTo(
            new PreferredElectionResult(metadata.id("t", 0), before.leader(), preferred, null));
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after)
        .isEqualTo(
            before
                .withLeader(preferred)
                .withEpochs(before.leaderEpoch() + 1, before.partitionEpoch() + 1));
    // Again: nothing is left to do, and no epoch moves.
    assertThat(elect(false).leaderBefore()).isEqualTo(preferred);
    assertThat(metadata.partition("t", 0)).isEqualTo(after);
  }

  @Test
  void aCheckMovesNothing() {
    comesBack();
    MetadataImage before = metadata.image();
    assertThat(elect(true).leader()).isEqualTo(preferred);
    assertThat(metadata.image()).isSameAs(before);
  }

  @Test
  void whoIsOutOfServiceIsNotElected() {
    int leader = metadata.partition("t", 0).leader();
    PreferredElectionResult result = elect(false);
    assertThat(result.leader()).isEqualTo(leader);
    assertThat(Objects.requireNonNull(result.refusal()).code())
        .isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
    assertThat(result.refusal().message())
        .isEqualTo(
            "expected the preferred replica, broker "
                + preferred
                + ", to be in service, but it is fenced");
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(leader);
  }

  @Test
  void whoIsNotInSyncIsNotElected() {
    metadata.start(preferred);
    PartitionRegistration before = metadata.partition("t", 0);
    assertThat(before.isr()).doesNotContain(preferred);
    assertThat(Objects.requireNonNull(elect(false).refusal()).message())
        .endsWith("to be in sync, but the ISR is " + before.isr());
    assertThat(metadata.partition("t", 0)).isEqualTo(before);
  }

  @Test
  void whatWasDecidedBeforeTheReplicaFellBehindIsRejected() {
    comesBack();
    Decision.Propose decided =
        (Decision.Propose)
            Controller.decide(
                metadata.image(),
                new ControllerRequest.ElectPreferred(List.of(metadata.id("t", 0)), false),
                1);
    metadata.stop(preferred);
    PartitionRegistration before = metadata.partition("t", 0);
    var answer =
        (ControllerAnswer.PreferredElected)
            decided.conclusion().conclude(metadata.append(decided.batch()));
    assertThat(Objects.requireNonNull(answer.results().getFirst().refusal()).code())
        .isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    assertThat(metadata.partition("t", 0)).isEqualTo(before);
  }

  @Test
  void whatThereIsNotIsUnknownAndTooManyAreRefused() {
    assertThat(
            Objects.requireNonNull(elect(new TopicIdPartition(new UUID(9, 9), 0), false).refusal())
                .code())
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.ElectPreferred(
                Collections.nCopies(501, metadata.id("t", 0)), false));
    assertThat(((ControllerAnswer.Failed) answer).refusal().code())
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }
}
