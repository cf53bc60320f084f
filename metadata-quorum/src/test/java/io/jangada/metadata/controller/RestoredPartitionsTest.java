// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.LogEnd;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.restore.Restoration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What metadata of a backup becomes, and who leads then (docs/adr/0012). */
class RestoredPartitionsTest {
  private static final UUID HISTORY = new UUID(44, 44);
  private static final UUID OTHER_BOOT = new UUID(8, 8);

  private final MetadataFixture before = MetadataFixture.withBrokers(1, 2, 3);

  private MetadataFixture restored(Map<String, String> configs) {
    before.create("t", 1, 3, configs);
    return MetadataFixture.restored(Restoration.of(before.image(), HISTORY));
  }

  private static void comes(MetadataFixture metadata, int brokerId, int epoch, long offset) {
    TopicIdPartition id = metadata.id("t", 0);
    UUID directory = MetadataFixture.directory(brokerId);
    ReplicaVerdicts verdicts =
        ReplicaVerdicts.of(Map.of(directory, Set.of(id)), Set.of(), Set.of(), Set.of());
    comes(metadata, brokerId, MetadataFixture.BOOT, end(id, verdicts, epoch, offset), directory);
  }

  private static ReplicaVerdicts end(
      TopicIdPartition id, ReplicaVerdicts verdicts, int epoch, long offset) {
    return verdicts.withEnds(Map.of(id, new LogEnd(epoch, offset)));
  }

  private static void comes(
      MetadataFixture metadata,
      int brokerId,
      UUID boot,
      ReplicaVerdicts verdicts,
      UUID... directories) {
    metadata.register(brokerId, boot, verdicts, directories);
    metadata.unfence(brokerId);
    metadata.sweep();
  }

  @Test
  void everyNumberLeapsAndNobodyHasRights() {
    before.create("t", 2, 3, Map.of("min.insync.replicas", "2"));
    PartitionRegistration was = before.partition("t", 1);
    MetadataImage image = Restoration.of(before.image(), HISTORY);

    assertThat(image.index()).isEqualTo(before.image().index() + Restoration.INDEX_LEAP);
    assertThat(image.cluster().historyId()).isEqualTo(HISTORY);
    assertThat(image.cluster().clusterId()).isEqualTo(before.image().cluster().clusterId());
    assertThat(image.cluster().featureLevel()).isGreaterThanOrEqualTo(FeatureRange.HISTORIES);
    assertThat(image.cluster().nextProducerId())
        .isGreaterThanOrEqualTo(Restoration.PRODUCER_ID_LEAP);
    assertThat(image.controllerEpoch()).isZero();
    assertThat(image.quorumMembers()).isEmpty();
    for (BrokerRegistration broker : image.brokers().values()) {
      assertThat(broker.status()).isEqualTo(BrokerStatus.FENCED);
      assertThat(broker.incarnation()).isEqualTo(BrokerRegistration.RESTORED);
      assertThat(broker.brokerEpoch()).isEqualTo(image.index());
    }
    PartitionRegistration partition = image.topic("t").partitions().get(1);
    assertThat(partition.leaderEpoch()).isEqualTo(was.leaderEpoch() + Restoration.EPOCH_LEAP);
    assertThat(partition.partitionEpoch()).isEqualTo(was.partitionEpoch() + Restoration.EPOCH_LEAP);
    assertThat(partition.hasLeader()).isFalse();
    assertThat(partition.isr()).isEmpty();
    assertThat(partition.elr()).isEmpty();
    assertThat(partition.lastKnownElr()).containsExactlyElementsOf(was.isr());
    assertThat(image.topic("t").configs()).containsEntry("min.insync.replicas", "2");
    // As a snapshot has it.
    List<MetadataRecord> records =
        MetadataCodec.decodeRecords(MetadataCodec.encodeRecords(image.toRecords()));
    assertThat(MetadataImage.ofRecords(image.index(), records)).isEqualTo(image);
  }

  @Test
  void aBackupOfALaterLevelIsRefusedAndSoAreTooManyRestores() {
    MetadataImage later =
        before.image().with(new MetadataRecord.FeatureLevelSet(FeatureRange.SUPPORTED.max() + 1));
    assertThatThrownBy(() -> Restoration.of(later, HISTORY))
        .hasMessageContaining("expected a backup of feature level");
    before.create("t", 1, 3);
    MetadataImage worn =
        before
            .image()
            .with(
                new MetadataRecord.PartitionRegistered(
                    before.id("t", 0),
                    before.partition("t", 0).withEpochs(Integer.MAX_VALUE - 5, 1)));
    assertThatThrownBy(() -> Restoration.of(worn, HISTORY))
        .hasMessageContaining("restored too often");
  }

  @Test
  void whoReachesFarthestLeadsOnceAllReplicasHaveSpoken() {
    MetadataFixture metadata = restored(Map.of());
    comes(metadata, 1, 5, 900);
    comes(metadata, 3, 6, 12);
    assertThat(metadata.partition("t", 0).hasLeader()).isFalse();
    comes(metadata, 2, 6, 40);
    PartitionRegistration partition = metadata.partition("t", 0);
    assertThat(partition.leader()).isEqualTo(2);
    assertThat(partition.isr()).containsExactly(2);
    assertThat(partition.comparison()).isNull();
    assertThat(partition.leaderEpoch()).isGreaterThan(Restoration.EPOCH_LEAP);
  }

  @Test
  void whatABrokerSaysReplacesWhatItSaidBefore() {
    MetadataFixture metadata = restored(Map.of());
    comes(metadata, 1, 9, 900);
    comes(metadata, 2, 5, 10);
    comes(metadata, 1, 5, 7);
    comes(metadata, 3, 5, 10);
    assertThat(metadata.partition("t", 0).leader()).isIn(2, 3);
  }

  @Test
  void aLogThatDoesNotSpeakForItselfLeavesItToTheOperatorAlsoWhereATopicPrefersToLose() {
    before.create("t", 1, 3, Map.of("unclean.leader.election.enable", "true"));
    MetadataImage image = Restoration.of(before.image(), HISTORY);
    TopicIdPartition id = before.id("t", 0);
    UUID directory = MetadataFixture.directory(3);
    Map<UUID, Set<TopicIdPartition>> whole = Map.of(directory, Set.of(id));
    List<ReplicaVerdicts> doubtful =
        List.of(
            ReplicaVerdicts.NONE,
            end(id, ReplicaVerdicts.of(Map.of(), Set.of(id), Set.of(), Set.of()), 9, 9),
            end(id, ReplicaVerdicts.of(Map.of(), Set.of(), Set.of(), Set.of(id)), 9, 9),
            end(id, ReplicaVerdicts.of(whole, Set.of(), Set.of(id), Set.of()), 9, 9));
    for (ReplicaVerdicts verdicts : doubtful) {
      staysWithoutALeader(image, OTHER_BOOT, verdicts, directory);
    }
    UUID fresh = new UUID(9, 9);
    ReplicaVerdicts elsewhere =
        ReplicaVerdicts.of(Map.of(fresh, Set.of(id)), Set.of(), Set.of(), Set.of());
    staysWithoutALeader(image, MetadataFixture.BOOT, end(id, elsewhere, 9, 9), fresh);
  }

  private static void staysWithoutALeader(
      MetadataImage image, UUID boot, ReplicaVerdicts verdicts, UUID directory) {
    MetadataFixture metadata = MetadataFixture.restored(image);
    TopicIdPartition id = metadata.id("t", 0);
    comes(metadata, 1, 5, 10);
    comes(metadata, 2, 5, 20);
    comes(metadata, 3, boot, verdicts, directory);
    assertThat(metadata.partition("t", 0).hasLeader()).as("%s", verdicts).isFalse();
    // What was in doubt once looks like nothing at the next start of the process.
    ReplicaVerdicts sound =
        ReplicaVerdicts.of(Map.of(directory, Set.of(id)), Set.of(), Set.of(), Set.of());
    comes(metadata, 3, boot, end(id, sound, 9, 9), directory);
    assertThat(metadata.partition("t", 0).hasLeader()).as("again, %s", verdicts).isFalse();

    metadata.uncleanElections = true;
    ControllerAnswer answer =
        metadata.ask(
            new ControllerRequest.ElectFromLastKnown(id, PartitionRegistration.NO_LEADER, false));
    assertThat(((ControllerAnswer.LeaderElected) answer).leader())
        .as("the farthest of those that speak for themselves")
        .isEqualTo(2);
    assertThat(metadata.partition("t", 0).comparison()).isNull();
  }
}
