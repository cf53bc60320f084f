// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerIdAndEpoch;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** REPLICATION.md, rules 5 to 8, at the quorum. */
class IsrAlterationTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3, 4);
  private int leader;
  private int second;
  private int third;

  @BeforeEach
  void createTopic() {
    metadata.create("t", 1, 3);
    List<Integer> replicas = metadata.partition("t", 0).replicas();
    leader = replicas.get(0);
    second = replicas.get(1);
    third = replicas.get(2);
  }

  @Test
  void anAcceptedChangeRaisesThePartitionEpochAlone() {
    PartitionRegistration before = metadata.partition("t", 0);
    assertThat(metadata.alterIsr("t", 0, leader, second).refusal()).isNull();
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after.isr()).containsExactly(leader, second);
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch());
    assertThat(after.partitionEpoch()).isEqualTo(before.partitionEpoch() + 1);
  }

  @Test
  void proposingTheCommittedIsrPutsAnEndToAnEarlierProposal() {
    ControllerRequest.AlterIsr lost = metadata.proposal("t", 0, leader, second);
    assertThat(metadata.alterIsr("t", 0, leader, second, third).refusal()).isNull();
    assertThat(code(metadata.alterIsr(lost).refusal())).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    assertThat(metadata.partition("t", 0).isr()).hasSize(3);
  }

  @Test
  void aProposalDecidedTwiceIsWrittenOnce() {
    ControllerRequest.AlterIsr proposal = metadata.proposal("t", 0, leader, second);
    Decision first = Controller.decide(metadata.image(), proposal, 1);
    Decision again = Controller.decide(metadata.image(), proposal, 2);
    assertThat(refusal(first)).isNull();
    assertThat(code(refusal(again))).isIn(ErrorCode.INVALID_UPDATE_VERSION);
  }

  @Test
  void rule6AFencedBrokerCannotJoin() {
    metadata.stop(third);
    assertThat(code(metadata.alterIsr("t", 0, leader, second, third).refusal()))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void rule6AnotherIncarnationThanTheLeaderKnowsCannotJoin() {
    metadata.alterIsr("t", 0, leader, second);
    BrokerIdAndEpoch known = metadata.member(third);
    metadata.start(third);
    ControllerRequest.AlterIsr current = metadata.proposal("t", 0, leader, second);
    ControllerRequest.IsrChange change = current.changes().getFirst();
    ControllerRequest.AlterIsr stale =
        new ControllerRequest.AlterIsr(
            leader,
            metadata.epoch(leader),
            List.of(
                new ControllerRequest.IsrChange(
                    change.partition(),
                    change.leaderEpoch(),
                    change.partitionEpoch(),
                    List.of(metadata.member(leader), metadata.member(second), known))));
    assertThat(code(metadata.alterIsr(stale).refusal())).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
  }

  @Test
  void rule6ABrokerFencedWhileTheProposalWasOnItsWayCannotJoin() {
    metadata.alterIsr("t", 0, leader, second);
    Decision decided =
        Controller.decide(metadata.image(), metadata.proposal("t", 0, leader, second, third), 1);
    metadata.fence(third);
    assertThat(code(refusal(decided))).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    assertThat(metadata.partition("t", 0).isr()).doesNotContain(third);
  }

  @Test
  void rule8MembersLeavingAnIsrUnderMinIsrBecomeEligibleUntilItIsLargeAgain() {
    metadata.alterIsr("t", 0, leader);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(second, third);
    metadata.alterIsr("t", 0, leader, third);
    assertThat(metadata.partition("t", 0).elr()).isEmpty();
  }

  @Test
  void onlyTheLeaderOfThisEpochIsHeard() {
    ControllerRequest.AlterIsr proposal = metadata.proposal("t", 0, leader, second);
    metadata.stop(leader);
    metadata.start(leader);
    ControllerRequest.AlterIsr returned =
        new ControllerRequest.AlterIsr(leader, metadata.epoch(leader), proposal.changes());
    assertThat(code(metadata.alterIsr(returned).refusal()))
        .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);

    ControllerRequest.AlterIsr present = metadata.proposal("t", 0, second, third);
    ControllerRequest.AlterIsr impostor =
        new ControllerRequest.AlterIsr(third, metadata.epoch(third), present.changes());
    assertThat(code(metadata.alterIsr(impostor).refusal())).isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void anIsrNeedsItsLeaderAndOnlyReplicas() {
    assertThat(code(metadata.alterIsr("t", 0, second, third).refusal()))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    int stranger = 10 - leader - second - third;
    assertThat(code(metadata.alterIsr("t", 0, leader, stranger).refusal()))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(code(metadata.alterIsr("t", 0, leader, second, second).refusal()))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void rule19ADeletedTopicIsUnknownByItsIdEvenIfTheNameIsBack() {
    ControllerRequest.AlterIsr old = metadata.proposal("t", 0, leader, second);
    UUID id = metadata.id("t", 0).topicId();
    metadata.ask(new ControllerRequest.DeleteTopics(List.of(id), false));
    metadata.create("t", 1, 3);
    assertThat(code(metadata.alterIsr(old).refusal())).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
  }

  @Test
  void eachChangeOfARequestStandsOnItsOwn() {
    metadata.create("u", 1, 3);
    ControllerRequest.IsrChange good = metadata.proposal("t", 0, leader).changes().getFirst();
    ControllerRequest.IsrChange unknown =
        new ControllerRequest.IsrChange(
            new TopicIdPartition(good.partition().topicId(), 7), 0, 0, good.isr());
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.AlterIsr(leader, metadata.epoch(leader), List.of(unknown, good)));
    var results = ((ControllerAnswer.IsrAltered) answer).results();
    assertThat(code(results.get(0).refusal())).isEqualTo(ErrorCode.UNKNOWN_PARTITION);
    assertThat(results.get(1).refusal()).isNull();
  }

  private @Nullable Refusal refusal(Decision decision) {
    if (decision
        instanceof Decision.Propose(ConditionalBatch batch, Decision.Conclusion conclusion)) {
      ControllerAnswer answer = conclusion.conclude(metadata.append(batch));
      return ((ControllerAnswer.IsrAltered) answer).results().getFirst().refusal();
    }
    throw new AssertionError("expected a proposal, but got " + decision);
  }

  private static ErrorCode code(@Nullable Refusal refusal) {
    if (refusal == null) {
      throw new AssertionError("expected a refusal, but it was accepted");
    }
    return refusal.code();
  }
}
