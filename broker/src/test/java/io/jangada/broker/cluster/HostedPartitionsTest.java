// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.runtime.HostedAssignment;
import io.jangada.replication.runtime.MetadataUpdate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HostedPartitionsTest {
  private static final UUID TOPIC = new UUID(7, 7);
  private static final TopicIdPartition P0 = new TopicIdPartition(TOPIC, 0);
  private static final TopicIdPartition P1 = new TopicIdPartition(TOPIC, 1);

  private final HostedPartitions hosted = new HostedPartitions(1, 16_384);
  private MetadataImage image =
      MetadataImage.ofRecords(
          10,
          List.of(
              broker(1, 4, BrokerStatus.ACTIVE),
              broker(2, 5, BrokerStatus.ACTIVE),
              broker(3, 6, BrokerStatus.ACTIVE),
              new MetadataRecord.TopicCreated(
                  "t", TOPIC, Map.of("min.insync.replicas", "2", "segment.bytes", "8192")),
              partition(P0, 3, 1, 2),
              partition(P1, 2, 3, 2)));

  @Test
  void anImageYieldsEveryReplicaHere() {
    MetadataUpdate all = hosted.all(image, 4);
    assertThat(all.metadataIndex()).isEqualTo(10);
    assertThat(all.brokerEpoch()).isEqualTo(4);
    HostedAssignment only = all.assigned().get(0);
    assertThat(all.assigned()).hasSize(1);
    assertThat(only.partition()).isEqualTo(P0);
    assertThat(only.topicName()).isEqualTo("t");
    assertThat(only.settings().segmentBytes()).isEqualTo(8192);
    assertThat(only.assignment().minInsyncReplicas()).isEqualTo(2);
    assertThat(only.assignment().leaderEpoch()).isEqualTo(3);
    assertThat(only.assignment().replicas())
        .containsExactly(new BrokerView(1, 4, true), new BrokerView(2, 5, true));
  }

  @Test
  void aTopicThatDoesNotSayHasTheBrokersSegmentSize() {
    MetadataUpdate update =
        change(
            new MetadataRecord.TopicCreated("u", new UUID(9, 9), Map.of()),
            partition(new TopicIdPartition(new UUID(9, 9), 0), 1, 1));
    assertThat(update.assigned().get(0).settings().segmentBytes()).isEqualTo(16_384);
  }

  @Test
  void aChangedPartitionIsAssignedAgainAndForeignOnesAreNot() {
    MetadataUpdate update = change(partition(P0, 4, 1, 2), partition(P1, 3, 3, 2));
    assertThat(update.assigned()).hasSize(1);
    assertThat(update.assigned().get(0).assignment().leaderEpoch()).isEqualTo(4);
    assertThat(update.removed()).isEmpty();
  }

  @Test
  void aBrokerThatChangesIsToldToThePartitionsItHolds() {
    assertThat(change(broker(3, 20, BrokerStatus.FENCED)).assigned()).isEmpty();
    MetadataUpdate update = change(broker(2, 21, BrokerStatus.FENCED));
    assertThat(update.assigned().get(0).assignment().replicas())
        .containsExactly(new BrokerView(1, 4, true), new BrokerView(2, 21, false));
  }

  @Test
  void aReplicaThatMovesAwayIsRemoved() {
    MetadataUpdate update = change(partition(P0, 4, 2, 3));
    assertThat(update.assigned()).isEmpty();
    assertThat(update.removed()).containsExactly(P0);
  }

  @Test
  void aDeletedTopicIsRemoved() {
    assertThat(change(new MetadataRecord.TopicDeleted(TOPIC)).removed()).containsExactly(P0);
  }

  @Test
  void onlyReplicasThatAreNotAssignedHereAreOrphans() {
    TopicIdPartition unknown = new TopicIdPartition(new UUID(8, 8), 0);
    assertThat(hosted.unassigned(image, Set.of(P0, P1, unknown))).containsExactly(P1, unknown);
  }

  private MetadataUpdate change(MetadataRecord... records) {
    MetadataDelta delta = MetadataDelta.of(image, image.index() + 1, List.of(records));
    image = delta.after();
    return hosted.changes(delta, 4);
  }

  private static MetadataRecord broker(int id, long epoch, BrokerStatus status) {
    return new MetadataRecord.BrokerRegistered(
        new BrokerRegistration(
            id,
            epoch,
            new UUID(0, id),
            status,
            new BrokerProfile(
                new Endpoints("b" + id + ":7400", "", ""),
                "",
                List.of(NodeRole.BROKER),
                FeatureRange.SUPPORTED),
            new Provenance(List.of(), new UUID(0, 0), Provenance.UNCLEAN)));
  }

  private static MetadataRecord partition(TopicIdPartition id, int epoch, Integer... replicas) {
    return new MetadataRecord.PartitionRegistered(
        id,
        new PartitionRegistration(
            List.of(replicas), List.of(replicas), List.of(), List.of(), replicas[0], epoch, epoch));
  }
}
