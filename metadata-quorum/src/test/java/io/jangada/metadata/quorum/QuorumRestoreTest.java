// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.v1.AddQuorumMemberRequest;
import io.jangada.common.TopicIdPartition;
import io.jangada.internal.v1.AlterQuorumRequest;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.restore.QuorumRestore;
import io.jangada.metadata.restore.Restoration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quorum whose disks are all lost, made again from what one broker knew. */
class QuorumRestoreTest {
  @TempDir Path directory;

  @Test
  void aQuorumBeginsAnewWithRestoredMetadataAndGrowsAgain() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3)) {
      UUID topic = UUID.randomUUID();
      MetadataImage backup = backup(topic);
      UUID history = UUID.randomUUID();
      MetadataImage restored = Restoration.of(backup, history);
      Path quorum = cluster.home(1).resolve("quorum");
      QuorumRestore.write(
          quorum, 1, cluster.directoryId(1), cluster.member(1).raftAddress(), restored);
      assertThatThrownBy(() -> QuorumRestore.requireUnused(quorum))
          .hasMessageContaining("expected a node whose quorum storage is empty");

      TestCluster.Node first = cluster.start(1);
      first.ready.get(20, TimeUnit.SECONDS);
      TestCluster.await("a controller", first.quorum::isController);
      assertThat(first.quorum.image().cluster().historyId()).isEqualTo(history);
      assertThat(first.quorum.image().index()).isGreaterThan(backup.index() + 1_000_000_000L);
      PartitionRegistration partition = first.quorum.image().topic("kept").partitions().get(0);
      assertThat(partition.hasLeader()).isFalse();
      assertThat(first.register().get(20, TimeUnit.SECONDS)).isGreaterThan(restored.index());
      TestCluster.await("broker 1 in service", () -> first.quorum.image().inService(1));
      cluster.createTopic(first, "new", 1, 1);

      for (int id = 2; id <= 3; id++) {
        TestCluster.Node next = cluster.startJoining(id);
        next.ready.get(20, TimeUnit.SECONDS);
        first.client.alterQuorum(add(cluster.member(id))).get(30, TimeUnit.SECONDS);
        TestCluster.await(
            "the member to know the newest topic", () -> next.quorum.image().topic("new") != null);
        assertThat(next.quorum.image().topic("kept").id()).isEqualTo(topic);
      }
      cluster.stop(1);
      TestCluster.Node leader = cluster.awaitController();
      leader.register().get(20, TimeUnit.SECONDS);
      TestCluster.await("its broker", () -> leader.quorum.image().inService(leader.id));
      cluster.createTopic(leader, "after", 1, 1);
      TestCluster.Node again = cluster.start(1);
      TestCluster.await(
          "member 1 to know the newest topic", () -> again.quorum.image().topic("after") != null);
      assertThat(again.failures).isEmpty();
    }
  }

  /** What three brokers and a topic left behind. */
  private static MetadataImage backup(UUID topic) {
    List<MetadataRecord> records = new ArrayList<>();
    records.add(new MetadataRecord.ClusterFormatted(TestCluster.CLUSTER_ID, UUID.randomUUID()));
    records.add(new MetadataRecord.FeatureLevelSet(FeatureRange.SUPPORTED.max()));
    for (int id = 1; id <= 3; id++) {
      records.add(
          new MetadataRecord.BrokerRegistered(
              new BrokerRegistration(
                  id,
                  id,
                  UUID.randomUUID(),
                  BrokerStatus.FENCED,
                  new BrokerProfile(
                      new Endpoints("127.0.0.1:1", "", ""),
                      "",
                      List.of(NodeRole.BROKER),
                      FeatureRange.SUPPORTED),
                  new Provenance(List.of(), new UUID(1, 1), Provenance.UNCLEAN))));
    }
    records.add(new MetadataRecord.TopicCreated("kept", topic, Map.of()));
    records.add(
        new MetadataRecord.PartitionRegistered(
            new TopicIdPartition(topic, 0),
            new PartitionRegistration(
                List.of(1, 2, 3), List.of(1, 2, 3), List.of(), List.of(), 1, 7, 9)));
    return MetadataImage.ofRecords(500, records);
  }

  private static AlterQuorumRequest add(QuorumMember member) {
    return AlterQuorumRequest.newBuilder()
        .setAdd(
            AddQuorumMemberRequest.newBuilder()
                .setNodeId(member.nodeId())
                .setGrpcAddress(member.grpcAddress())
                .setAddress(member.raftAddress()))
        .build();
  }
}
