// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.UnfitDirectory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rights and leaderships that brokers in service give up (rules 13, 21, 22, 25). */
class GivingUpTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private ControllerAnswer relinquish(int brokerId, TopicIdPartition... replicas) {
    return metadata.ask(
        new ControllerRequest.RelinquishReplicas(
            brokerId,
            metadata.epoch(brokerId),
            List.of(replicas),
            false,
            List.of(new UnfitDirectory(new UUID(4, 4), "EIO")),
            "the disk has failed"));
  }

  @Test
  void rule22ReplicasOfAFailedDirectoryLoseTheirRightsAndOthersLead() {
    metadata.create("t", 1, 3);
    PartitionRegistration before = metadata.partition("t", 0);
    int leader = before.leader();
    assertThat(relinquish(leader, metadata.id("t", 0))).isInstanceOf(ControllerAnswer.Done.class);
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after.hasRights(leader)).isFalse();
    assertThat(after.leader()).isEqualTo(before.replicas().get(1));
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
    assertThat(Objects.requireNonNull(metadata.image().broker(leader)).unfit())
        .extracting(UnfitDirectory::reason)
        .containsExactly("EIO");

    long index = metadata.image().index();
    assertThat(relinquish(leader, metadata.id("t", 0))).isEqualTo(new ControllerAnswer.Done(index));
  }

  @Test
  void theLastReplicaThatIsLostIsTheLastKnown() {
    metadata.create("t", 1, 1);
    int leader = metadata.partition("t", 0).leader();
    relinquish(leader, metadata.id("t", 0));
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after.hasLeader()).isFalse();
    assertThat(after.isr()).isEmpty();
    assertThat(after.elr()).isEmpty();
    assertThat(after.lastKnownElr()).containsExactly(leader);
  }

  @Test
  void theLastReplicaThatIsOnlySuspectKeepsItsRights() {
    metadata.create("t", 1, 1);
    metadata.create("three", 1, 3);
    PartitionRegistration before = metadata.partition("t", 0);
    int owner = before.leader();
    metadata.ask(
        new ControllerRequest.RelinquishReplicas(
            owner,
            metadata.epoch(owner),
            List.of(metadata.id("t", 0), metadata.id("three", 0)),
            true,
            List.of(),
            "EIO"));
    assertThat(metadata.partition("t", 0)).isEqualTo(before);
    assertThat(metadata.partition("three", 0).hasRights(owner)).isFalse();
  }

  @Test
  void anOldIncarnationGivesUpNothing() {
    metadata.create("t", 1, 3);
    int leader = metadata.partition("t", 0).leader();
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.RelinquishReplicas(
                leader, 1, List.of(metadata.id("t", 0)), false, List.of(), "late"));
    assertThat(((ControllerAnswer.Failed) answer).refusal().code())
        .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(leader);
  }

  @Test
  void rule25ALeaderAloneResignsInFavourOfAnEligibleReplica() {
    metadata.create("t", 1, 3);
    PartitionRegistration full = metadata.partition("t", 0);
    int leader = full.leader();
    int second = full.replicas().get(1);
    metadata.alterIsr("t", 0, leader, second);
    metadata.alterIsr("t", 0, leader);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(second);
    resign(leader, metadata.partition("t", 0).leaderEpoch());
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after.leader()).isEqualTo(second);
    assertThat(after.isr()).containsExactly(second);
    assertThat(after.elr()).containsExactly(leader);
  }

  @Test
  void rule25LeadersThatResignOneAfterTheOtherTryEveryone() {
    metadata.create("t", 1, 3, Map.of("min.insync.replicas", "3"));
    PartitionRegistration full = metadata.partition("t", 0);
    for (int i = 0; i < 4; i++) {
      PartitionRegistration before = metadata.partition("t", 0);
      assertThat(before.leader()).isEqualTo(full.replicas().get(i % 3));
      resign(before.leader(), before.leaderEpoch());
    }
  }

  @Test
  void aResignationOfAnotherLeadershipOrWithoutASuccessorDoesNothing() {
    metadata.create("t", 1, 3);
    metadata.create("alone", 1, 1);
    PartitionRegistration before = metadata.partition("t", 0);
    resign(before.leader(), before.leaderEpoch() - 1);
    assertThat(metadata.partition("t", 0)).isEqualTo(before);
    PartitionRegistration alone = metadata.partition("alone", 0);
    metadata.ask(
        new ControllerRequest.Resign(
            alone.leader(),
            metadata.epoch(alone.leader()),
            List.of(
                new ControllerRequest.Leadership(metadata.id("alone", 0), alone.leaderEpoch()))));
    assertThat(metadata.partition("alone", 0)).isEqualTo(alone);
  }

  private void resign(int leader, int leaderEpoch) {
    assertThat(
            metadata.ask(
                new ControllerRequest.Resign(
                    leader,
                    metadata.epoch(leader),
                    List.of(new ControllerRequest.Leadership(metadata.id("t", 0), leaderEpoch)))))
        .isInstanceOf(ControllerAnswer.Done.class);
  }

  @Test
  void rule13ASlowDiskLeadsNoMoreAndHoldsUpNobody() {
    metadata.create("t", 6, 3);
    metadata.create("alone", 3, 1);
    Controller.relief(metadata.image(), 2, Set.of(2), false).forEach(metadata::append);
    for (int partition = 0; partition < 6; partition++) {
      assertThat(metadata.partition("t", partition).leader()).isNotEqualTo(2);
      assertThat(metadata.partition("t", partition).isr()).hasSize(2).doesNotContain(2);
    }
    metadata
        .image()
        .forEachPartition((id, partition) -> assertThat(partition.hasLeader()).isTrue());
    assertThat(Controller.relief(metadata.image(), 2, Set.of(2), false)).isEmpty();
  }

  @Test
  void rule13NoHealthyReplicaIsRemovedAndNoSlowOneElected() {
    metadata.create("t", 1, 3);
    PartitionRegistration before = metadata.partition("t", 0);
    int leader = before.leader();
    int second = before.replicas().get(1);
    int third = before.replicas().get(2);
    Controller.relief(metadata.image(), leader, Set.of(leader, second), false)
        .forEach(metadata::append);
    PartitionRegistration after = metadata.partition("t", 0);
    assertThat(after.leader()).isEqualTo(third);
    // One healthy member is under min ISR: the slow ones stay.
    assertThat(after.isr()).isEqualTo(before.isr());
    assertThat(Controller.relief(metadata.image(), third, Set.of(1, 2, 3), false)).isEmpty();
  }
}
