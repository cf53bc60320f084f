// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Registration, fencing, unfencing, controlled shutdown, and the elections they bring. */
class BrokerDecisionsTest {
  private static final UUID OTHER_DIRECTORY = new UUID(9, 9);

  @Test
  void aRegistrationIsFencedAndItsEpochIsTheIndexOfItsEntry() {
    MetadataFixture metadata = new MetadataFixture();
    long epoch = metadata.register(1);
    assertThat(epoch).isEqualTo(metadata.image().index());
    assertThat(status(metadata, 1)).isEqualTo(BrokerStatus.FENCED);
  }

  @Test
  void askingAgainForTheSameIncarnationChangesNothing() {
    MetadataFixture metadata = new MetadataFixture();
    ControllerRequest request =
        MetadataFixture.registration(1, new UUID(5, 5), MetadataFixture.directory(1));
    long epoch = ((ControllerAnswer.Registered) metadata.ask(request)).brokerEpoch();
    metadata.unfence(1);
    assertThat(((ControllerAnswer.Registered) metadata.ask(request)).brokerEpoch())
        .isEqualTo(epoch);
    assertThat(status(metadata, 1)).isEqualTo(BrokerStatus.ACTIVE);
  }

  @Test
  void aBrokerIsUnfencedOnlyOnceItHasItsRegistration() {
    MetadataFixture metadata = new MetadataFixture();
    long epoch = metadata.register(1);
    ControllerAnswer early = metadata.ask(new ControllerRequest.UnfenceBroker(1, epoch, epoch - 1));
    assertThat(code(early)).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(status(metadata, 1)).isEqualTo(BrokerStatus.FENCED);
    metadata.ask(new ControllerRequest.UnfenceBroker(1, epoch, epoch));
    assertThat(status(metadata, 1)).isEqualTo(BrokerStatus.ACTIVE);
  }

  @Test
  void anOlderIncarnationIsToldSo() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1);
    long old = metadata.epoch(1);
    metadata.register(1);
    assertThat(code(metadata.ask(new ControllerRequest.FenceBroker(1, old, "late"))))
        .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    assertThat(code(metadata.ask(new ControllerRequest.AllocateProducerIds(1, old))))
        .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    assertThat(code(metadata.ask(new ControllerRequest.FenceBroker(4, 1, "unknown"))))
        .isEqualTo(ErrorCode.BROKER_NOT_REGISTERED);
  }

  @Test
  void fencingMovesLeadershipToTheNextInTheIsr() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
    metadata.create("t", 1, 3);
    PartitionRegistration before = metadata.partition("t", 0);
    metadata.stop(before.leader());
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after.leader()).isEqualTo(before.replicas().get(1));
    assertThat(after.isr()).isEqualTo(before.replicas().subList(1, 3));
    assertThat(after.elr()).isEmpty();
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
  }

  @Test
  void rule8TheLastReplicasStandingAreEligibleAndNoOneElseIsElected() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
    metadata.create("t", 1, 3);
    List<Integer> replicas = metadata.partition("t", 0).replicas();
    int first = replicas.get(0);
    int second = replicas.get(1);
    int third = replicas.get(2);
    metadata.stop(first);
    metadata.stop(second);
    PartitionRegistration alone = metadata.partition("t", 0);
    assertThat(alone.isr()).containsExactly(third);
    assertThat(alone.elr()).containsExactly(second);

    metadata.stop(third);
    PartitionRegistration empty = metadata.partition("t", 0);
    assertThat(empty.isr()).isEmpty();
    assertThat(empty.elr()).containsExactly(second, third);
    assertThat(empty.hasLeader()).isFalse();

    metadata.start(first);
    assertThat(metadata.partition("t", 0).hasLeader()).isFalse();

    metadata.start(second);
    PartitionRegistration elected = metadata.partition("t", 0);
    assertThat(elected.leader()).isEqualTo(second);
    assertThat(elected.isr()).containsExactly(second);
    assertThat(elected.elr()).containsExactly(third);

    assertThat(metadata.alterIsr("t", 0, second, first).refusal()).isNull();
    assertThat(metadata.partition("t", 0).elr()).isEmpty();
  }

  @Test
  void rule8AnUncleanEndKeepsRightsOnTheSameDirectory() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1);
    metadata.create("t", 1, 1);
    metadata.stop(1);
    metadata.register(1);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(1);
    metadata.unfence(1);
    metadata.sweep();
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(1);
  }

  @Test
  void rule8AWipedDirectoryLosesEveryRightInTheRegistrationItself() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
    metadata.create("t", 1, 3);
    metadata.create("alone", 1, 1);
    int owner = metadata.partition("alone", 0).leader();
    metadata.register(owner, OTHER_DIRECTORY);
    assertThat(metadata.partition("t", 0).hasRights(owner)).isFalse();
    PartitionRegistration lost = metadata.partition("alone", 0);
    assertThat(lost.hasRights(owner)).isFalse();
    assertThat(lost.lastKnownElr()).containsExactly(owner);
    metadata.unfence(owner);
    metadata.sweep();
    assertThat(metadata.partition("alone", 0).hasLeader()).isFalse();
  }

  @Test
  void rule24AFastRestartGivesWhatItLedANewLeaderEpochInOneEntry() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
    metadata.create("t", 30, 3);
    metadata.create("alone", 9, 1);
    var before = metadata.image();
    metadata.register(1);
    before.forEachPartition(
        (id, was) -> {
          PartitionRegistration is = Objects.requireNonNull(metadata.image().partition(id));
          assertThat(is.isr()).doesNotContain(1);
          assertThat(is.leader()).isNotEqualTo(1);
          assertThat(is.leaderEpoch()).isEqualTo(was.leaderEpoch() + (was.leader() == 1 ? 1 : 0));
        });
    metadata.unfence(1);
    metadata.sweep();
    metadata
        .image()
        .forEachPartition((id, partition) -> assertThat(partition.hasLeader()).isTrue());
  }

  @Test
  void aRegistrationDecidedBeforeAnIsrChangeIsDecidedAgain() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
    metadata.create("t", 1, 3);
    PartitionRegistration partition = metadata.partition("t", 0);
    int leader = partition.leader();
    int joiner = partition.replicas().get(2);
    metadata.alterIsr("t", 0, leader, partition.replicas().get(1));
    Decision early =
        Controller.decide(
            metadata.image(),
            MetadataFixture.registration(joiner, new UUID(6, 6), OTHER_DIRECTORY),
            1);
    metadata.alterIsr("t", 0, leader, partition.replicas().get(1), joiner);
    if (early instanceof Decision.Propose(ConditionalBatch batch, Decision.Conclusion conclusion)) {
      assertThat(code(conclusion.conclude(metadata.append(batch))))
          .isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    } else {
      throw new AssertionError("expected a proposal, but got " + early);
    }
    assertThat(metadata.partition("t", 0).isr()).contains(joiner);
  }

  @Test
  void aDeadBrokerWithThreeThousandPartitionsTakesAFewEntries() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
    metadata.create("t", 3000, 3);
    long before = metadata.image().index();
    metadata.fence(2);
    metadata.sweep();
    assertThat(metadata.image().index() - before).isEqualTo(6);
    metadata
        .image()
        .forEachPartition(
            (id, partition) -> {
              assertThat(partition.isr()).doesNotContain(2);
              assertThat(partition.hasLeader()).isTrue();
            });
  }

  @Test
  void controlledShutdownMovesWhatOthersCanLeadAndLeavesTheRest() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);
    metadata.create("t", 6, 3);
    metadata.create("alone", 3, 1);
    ControllerRequest request = new ControllerRequest.ControlledShutdown(1, metadata.epoch(1));
    assertThat(metadata.ask(request))
        .isEqualTo(new ControllerAnswer.ShutdownProgress(metadata.image().index(), 0));
    assertThat(status(metadata, 1)).isEqualTo(BrokerStatus.SHUTTING_DOWN);
    for (int partition = 0; partition < 6; partition++) {
      assertThat(metadata.partition("t", partition).isr()).doesNotContain(1);
    }
    assertThat(metadata.image().partitionsOf(1)).hasSize(7);
    metadata
        .image()
        .forEachPartition((id, partition) -> assertThat(partition.hasLeader()).isTrue());
    assertThat(code(metadata.unfence(1))).isEqualTo(ErrorCode.SHUTTING_DOWN);
    metadata.stop(1);
    assertThat(status(metadata, 1)).isEqualTo(BrokerStatus.FENCED);
  }

  @Test
  void aLeaderThatShutsDownMayTakeInItsSuccessor() {
    MetadataFixture metadata = MetadataFixture.withBrokers(1, 2);
    metadata.create("t", 1, 2, Map.of("min.insync.replicas", "1"));
    int leader = metadata.partition("t", 0).leader();
    int other = 3 - leader;
    metadata.alterIsr("t", 0, leader);
    ControllerRequest request =
        new ControllerRequest.ControlledShutdown(leader, metadata.epoch(leader));
    metadata.ask(request);
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(leader);
    assertThat(metadata.alterIsr("t", 0, leader, other).refusal()).isNull();
    metadata.ask(request);
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(other);
  }

  @Test
  void aBrokerOfAnotherFeatureLevelIsRefused() {
    MetadataFixture metadata = new MetadataFixture();
    ControllerRequest.RegisterBroker known =
        MetadataFixture.registration(1, new UUID(5, 5), MetadataFixture.directory(1));
    var profile = known.profile();
    var future =
        new io.jangada.metadata.command.BrokerProfile(
            profile.endpoints(),
            profile.rack(),
            profile.roles(),
            new FeatureRange(FeatureRange.SUPPORTED.max() + 1, FeatureRange.SUPPORTED.max() + 1));
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.RegisterBroker(
                1, known.incarnation(), future, known.provenance()));
    assertThat(code(answer)).isEqualTo(ErrorCode.UNSUPPORTED);
  }

  static ErrorCode code(ControllerAnswer answer) {
    assertThat(answer).isInstanceOf(ControllerAnswer.Failed.class);
    return ((ControllerAnswer.Failed) answer).refusal().code();
  }

  private static BrokerStatus status(MetadataFixture metadata, int brokerId) {
    return Objects.requireNonNull(metadata.image().broker(brokerId)).status();
  }
}
