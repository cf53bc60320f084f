// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.kafka.RunningNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own admin client looks after one node. */
class AdminClientTest {
  @TempDir static Path directory;
  private static RunningNode node;
  private static Admin admin;

  @BeforeAll
  static void start() throws Exception {
    node = RunningNode.start(directory);
    admin = Admin.create(node.clientConfig());
  }

  @AfterAll
  static void stop() {
    admin.close();
    node.close();
  }

  private static <T> T get(KafkaFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static ConfigResource topic(String name) {
    return new ConfigResource(ConfigResource.Type.TOPIC, name);
  }

  private static ConfigEntry config(ConfigResource resource, String name) throws Exception {
    Config config = get(admin.describeConfigs(List.of(resource)).all()).get(resource);
    return config.get(name);
  }

  private static void alter(ConfigResource resource, String name, String value) throws Exception {
    Collection<AlterConfigOp> change =
        List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
    get(admin.incrementalAlterConfigs(Map.of(resource, change)).all());
  }

  @Test
  void aTopicLives() throws Exception {
    NewTopic wanted = new NewTopic("life", 2, (short) 1).configs(Map.of("retention.ms", "60000"));
    var created = admin.createTopics(List.of(wanted));
    get(created.all());
    Uuid id = get(created.topicId("life"));
    assertThat(get(created.config("life")).get("retention.ms").value()).isEqualTo("60000");
    assertThat(get(created.numPartitions("life"))).isEqualTo(2);
    assertThatThrownBy(() -> get(admin.createTopics(List.of(wanted)).all()))
        .hasCauseInstanceOf(TopicExistsException.class);

    get(admin.createPartitions(Map.of("life", NewPartitions.increaseTo(3))).all());
    TopicDescription description =
        get(admin.describeTopics(List.of("life")).allTopicNames()).get("life");
    assertThat(description.topicId()).isEqualTo(id);
    assertThat(description.partitions()).hasSize(3);
    assertThat(description.partitions().getFirst().leader().id()).isEqualTo(1);

    get(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all());
    assertThatThrownBy(() -> get(admin.deleteTopics(List.of("life")).all()))
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void configurationsAreChangedAndHeeded() throws Exception {
    get(admin.createTopics(List.of(new NewTopic("configured", 1, (short) 1))).all());
    ConfigResource topic = topic("configured");
    assertThat(config(topic, "cleanup.policy").value()).isEqualTo("delete");
    assertThat(config(topic, "retention.ms").isDefault()).isTrue();
    alter(topic, "retention.ms", "1234");
    assertThat(config(topic, "retention.ms").value()).isEqualTo("1234");
    assertThat(config(topic, "retention.ms").source())
        .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    alter(topic, "cleanup.policy", "compact");
    assertThat(config(topic, "cleanup.policy").value()).isEqualTo("compact");
    assertThatThrownBy(() -> alter(topic, "cleanup.policy", "shrink"))
        .hasCauseInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("expected cleanup.policy to be");

    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    ConfigResource cluster = new ConfigResource(ConfigResource.Type.BROKER, "");
    alter(broker, "replica.lag.time.max.ms", "15000");
    assertThat(config(broker, "replica.lag.time.max.ms").source())
        .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG);
    alter(cluster, "log.retention.bytes", "1000000");
    assertThat(config(topic, "retention.bytes").value()).isEqualTo("1000000");
  }

  @Test
  void theClusterAndItsQuorumAreDescribed() throws Exception {
    DescribeClusterResult cluster = admin.describeCluster();
    assertThat(get(cluster.nodes()))
        .singleElement()
        .satisfies(each -> assertThat(each.id()).isOne());
    assertThat(get(cluster.controller()).id()).isOne();
    assertThat(get(cluster.clusterId())).hasSize(22);
    QuorumInfo quorum = get(admin.describeMetadataQuorum().quorumInfo());
    assertThat(quorum.leaderId()).isOne();
    assertThat(quorum.voters()).hasSize(1);
    assertThat(quorum.highWatermark()).isPositive();
    assertThat(get(admin.listConfigResources(Set.of(), new ListConfigResourcesOptions()).all()))
        .contains(new ConfigResource(ConfigResource.Type.BROKER, "1"));
  }
}
