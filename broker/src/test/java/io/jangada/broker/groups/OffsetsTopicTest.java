// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.grpc.ImageController;
import io.jangada.broker.service.InternalTopics;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.ControllerRequest.NewTopic;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OffsetsTopicTest {
  private static final BrokerConfig.Groups GROUPS =
      ConfigLoader.of("node.id=1", "storage.directory=/tmp", "groups.offsets-partitions=3")
          .groups();

  private final ImageController cluster =
      new ImageController(
          new ControllerRequest.ClaimController(1),
          new ControllerRequest.FormatCluster(new UUID(1, 1), new UUID(1, 2)),
          new ControllerRequest.RegisterBroker(
              1,
              new UUID(0, 1),
              new BrokerProfile(
                  new Endpoints("b1:7400", "", ""),
                  "",
                  List.of(NodeRole.BROKER),
                  FeatureRange.SUPPORTED),
              new Provenance(List.of(), new UUID(0, 0), Provenance.UNCLEAN)));
  private final TopicAdmin topics = new TopicAdmin(cluster, cluster);

  @Test
  void groupsFallOnTheSamePartitionsAsInKafka() {
    // GroupCoordinator.partitionFor of Kafka 4.3.1 says so.
    assertThat("console-consumer".hashCode()).isNegative();
    assertThat(OffsetsTopic.partitionOf("console-consumer", 50)).isEqualTo(40);
    assertThat(OffsetsTopic.partitionOf("", 50)).isZero();
    assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
    assertThat(OffsetsTopic.partitionOf("polygenelubricants", 50)).isZero();
  }

  @Test
  void itIsCompactedFromTheBeginning() {
    OffsetsTopic topic = new OffsetsTopic(cluster, topics, GROUPS);
    assertThat(topic.coordinatorOf("any")).isCompletedWithValue(1);
    assertThat(configs()).containsEntry("cleanup.policy", "compact");
    assertThat(topic.awaitsCompaction(cluster.image())).isFalse();
  }

  @Test
  void oneFromBeforeCompactionIsSwitched() {
    createOlder(Map.of("retention.ms", "-1"));
    OffsetsTopic topic = new OffsetsTopic(cluster, topics, GROUPS);
    assertThat(topic.awaitsCompaction(MetadataImage.EMPTY)).isFalse();
    assertThat(topic.awaitsCompaction(cluster.image())).isTrue();
    topic.compact();
    assertThat(configs()).containsEntry("cleanup.policy", "compact").containsKey("retention.ms");
    assertThat(topic.awaitsCompaction(cluster.image())).isFalse();
  }

  @Test
  void aPolicyThatSomebodyHasSetStays() {
    createOlder(Map.of("cleanup.policy", "delete"));
    assertThat(new OffsetsTopic(cluster, topics, GROUPS).awaitsCompaction(cluster.image()))
        .isFalse();
  }

  @BeforeEach
  void theBrokerIsInService() {
    long epoch = Objects.requireNonNull(cluster.image().broker(1)).brokerEpoch();
    assertThat(
            cluster.submit(new ControllerRequest.UnfenceBroker(1, epoch, cluster.image().index())))
        .isCompleted();
  }

  private void createOlder(Map<String, String> configs) {
    assertThat(topics.create(List.of(new NewTopic(InternalTopics.OFFSETS, 3, 1, configs)), false))
        .isCompleted();
  }

  private Map<String, String> configs() {
    return Objects.requireNonNull(cluster.image().topic(InternalTopics.OFFSETS)).configs();
  }
}
