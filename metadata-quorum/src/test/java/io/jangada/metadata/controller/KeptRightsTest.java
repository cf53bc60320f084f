// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.command.ReplicaVerdicts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a new incarnation keeps of its rights (rule 8). */
class KeptRightsTest {
  private static final UUID OTHER_BOOT = new UUID(8, 8);
  private static final UUID HERE = MetadataFixture.directory(1);
  private static final UUID SECOND = new UUID(9, 1);
  private static final UUID FRESH = new UUID(9, 2);

  private final MetadataFixture metadata = MetadataFixture.withBrokers(1);

  private TopicIdPartition alone() {
    metadata.create("t", 1, 1);
    return metadata.id("t", 0);
  }

  private static ReplicaVerdicts suspect(TopicIdPartition id) {
    return ReplicaVerdicts.of(Map.of(), Set.of(id), Set.of(), Set.of());
  }

  private static ReplicaVerdicts unsynced(TopicIdPartition id) {
    return ReplicaVerdicts.of(Map.of(), Set.of(), Set.of(id), Set.of());
  }

  private static ReplicaVerdicts damaged(TopicIdPartition id) {
    return ReplicaVerdicts.of(Map.of(), Set.of(), Set.of(), Set.of(id));
  }

  private static ReplicaVerdicts whole(UUID directory, TopicIdPartition... ids) {
    return ReplicaVerdicts.of(Map.of(directory, Set.of(ids)), Set.of(), Set.of(), Set.of());
  }

  @Test
  void aDamagedReplicaKeepsNothingEvenIfItIsTheLast() {
    TopicIdPartition id = alone();
    metadata.register(1, MetadataFixture.BOOT, damaged(id), HERE);
    PartitionRegistration partition = metadata.partition("t", 0);
    assertThat(partition.hasRights(1)).isFalse();
    assertThat(partition.lastKnownElr()).containsExactly(1);
  }

  @Test
  void aSuspectReplicaKeepsItsRightsOnlyIfItIsTheLastOne() {
    TopicIdPartition id = alone();
    metadata.register(1, MetadataFixture.BOOT, suspect(id), HERE);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(1);

    metadata.unfence(1);
    metadata.start(2);
    metadata.create("two", 1, 2, Map.of("min.insync.replicas", "2"));
    TopicIdPartition two = metadata.id("two", 0);
    metadata.stop(1);
    metadata.stop(2);
    assertThat(metadata.partition("two", 0).elr()).containsExactlyInAnyOrder(1, 2);
    metadata.register(1, MetadataFixture.BOOT, suspect(two), HERE);
    assertThat(metadata.partition("two", 0).elr()).containsExactly(2);
    metadata.register(2, MetadataFixture.BOOT, suspect(two), MetadataFixture.directory(2));
    assertThat(metadata.partition("two", 0).elr()).containsExactly(2);
    assertThat(metadata.partition("two", 0).lastKnownElr()).containsExactly(1);
  }

  @Test
  void aMemoryDurableReplicaKeepsItsRightsWhileTheMachineWasNotRestarted() {
    TopicIdPartition id = alone();
    metadata.register(1, MetadataFixture.BOOT, unsynced(id), HERE);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(1);
    metadata.register(1, OTHER_BOOT, unsynced(id), HERE);
    assertThat(metadata.partition("t", 0).hasRights(1)).isFalse();
    assertThat(metadata.partition("t", 0).lastKnownElr()).containsExactly(1);
  }

  @Test
  void aMemoryDurableReplicaThatIsTheLastLosesItsRightsNevertheless() {
    TopicIdPartition id = alone();
    ReplicaVerdicts both = ReplicaVerdicts.of(Map.of(), Set.of(id), Set.of(id), Set.of());
    metadata.register(1, MetadataFixture.BOOT, both, HERE);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(1);
    metadata.register(1, OTHER_BOOT, both, HERE);
    assertThat(metadata.partition("t", 0).hasRights(1)).isFalse();
  }

  @Test
  void aMemoryDurableReplicaIsLookedForInItsDirectoryAsAnyOther() {
    TopicIdPartition id = alone();
    metadata.register(1, MetadataFixture.BOOT, ReplicaVerdicts.NONE, HERE, SECOND);
    ReplicaVerdicts there =
        ReplicaVerdicts.of(Map.of(HERE, Set.of(id)), Set.of(), Set.of(id), Set.of());
    metadata.register(1, MetadataFixture.BOOT, there, HERE, FRESH);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(1);
    metadata.register(1, OTHER_BOOT, there, HERE, FRESH);
    assertThat(metadata.partition("t", 0).hasRights(1)).isFalse();
  }

  @Test
  void ofReplicasOfAMemoryDurableTopicOnlyThoseKeepRightsWhoseMachineStayedUp() {
    metadata.start(2);
    metadata.start(3);
    metadata.create("three", 1, 3, Map.of("min.insync.replicas", "2", "durability", "memory"));
    TopicIdPartition id = metadata.id("three", 0);
    metadata.register(1, OTHER_BOOT, unsynced(id), MetadataFixture.directory(1));
    metadata.register(2, OTHER_BOOT, unsynced(id), MetadataFixture.directory(2));
    metadata.register(3, MetadataFixture.BOOT, unsynced(id), MetadataFixture.directory(3));
    PartitionRegistration partition = metadata.partition("three", 0);
    assertThat(partition.hasRights(1)).isFalse();
    assertThat(partition.hasRights(2)).isFalse();
    assertThat(partition.elr()).containsExactly(3);
  }

  @Test
  void aDirectoryThatIsGoneTakesOnlyTheRightsOverWhatWasInIt() {
    metadata.register(1, MetadataFixture.BOOT, ReplicaVerdicts.NONE, HERE, SECOND);
    metadata.unfence(1);
    metadata.create("kept", 1, 1);
    metadata.create("gone", 1, 1);
    metadata.create("foreign", 1, 1);
    ReplicaVerdicts verdicts =
        ReplicaVerdicts.of(
            Map.of(HERE, Set.of(metadata.id("kept", 0)), FRESH, Set.of(metadata.id("foreign", 0))),
            Set.of(),
            Set.of(),
            Set.of());
    metadata.register(1, MetadataFixture.BOOT, verdicts, HERE, FRESH);
    assertThat(metadata.partition("kept", 0).elr()).containsExactly(1);
    assertThat(metadata.partition("gone", 0).lastKnownElr()).containsExactly(1);
    assertThat(metadata.partition("foreign", 0).lastKnownElr()).containsExactly(1);
  }

  @Test
  void anAdditionalDirectoryTakesNothing() {
    alone();
    metadata.register(1, MetadataFixture.BOOT, ReplicaVerdicts.NONE, HERE, FRESH);
    assertThat(metadata.partition("t", 0).elr()).containsExactly(1);
  }

  @Test
  void aReplacedDiskTakesEverythingWhateverIsOnIt() {
    TopicIdPartition id = alone();
    metadata.register(1, MetadataFixture.BOOT, whole(FRESH, id), FRESH);
    assertThat(metadata.partition("t", 0).hasRights(1)).isFalse();
  }

  @Test
  void aRegistrationTooLargeForOneEntryIsDecidedInSeveral() {
    metadata.create("many", 1_200, 1);
    ControllerRequest request =
        new ControllerRequest.RegisterBroker(
            1,
            metadata.nextIncarnation(),
            MetadataFixture.profile("r"),
            new Provenance(List.of(FRESH), MetadataFixture.BOOT, Provenance.UNCLEAN));
    for (int entry = 1; entry <= 2; entry++) {
      assertThat(((ControllerAnswer.Failed) metadata.ask(request)).refusal().code())
          .isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    }
    assertThat(metadata.ask(request)).isInstanceOf(ControllerAnswer.Registered.class);
    metadata
        .image()
        .forEachPartition((id, partition) -> assertThat(partition.hasRights(1)).isFalse());
  }

  @Test
  void aProcessOfThePastDoesNotFenceItsSuccessor() {
    assertThat(metadata.ask(run(3))).isInstanceOf(ControllerAnswer.Registered.class);
    ControllerAnswer late = metadata.ask(run(2));
    assertThat(((ControllerAnswer.Failed) late).refusal().code())
        .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    assertThat(metadata.ask(run(4))).isInstanceOf(ControllerAnswer.Registered.class);
  }

  private ControllerRequest run(long number) {
    return new ControllerRequest.RegisterBroker(
        1,
        metadata.nextIncarnation(),
        MetadataFixture.profile("r"),
        new Provenance(
            List.of(HERE),
            MetadataFixture.BOOT,
            Provenance.UNCLEAN,
            new Provenance.Run(HERE, number)));
  }
}
