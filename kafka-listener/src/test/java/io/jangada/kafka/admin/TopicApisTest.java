// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.config.ConfigDescriptions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.junit.jupiter.api.Test;

/** Creating, growing and deleting topics. */
class TopicApisTest {
  private final FakeCluster cluster = new FakeCluster();
  private final TopicAdmin topics = new TopicAdmin(cluster, cluster);
  private final CreateTopicsApi createTopics =
      new CreateTopicsApi(
          cluster,
          topics,
          new ConfigDescriptions(new SettingsDescriber(ConfigLoader.of("node.id=1"))));
  private final DeleteTopicsApi deleteTopics = new DeleteTopicsApi(cluster, topics);
  private final CreatePartitionsApi createPartitions = new CreatePartitionsApi(cluster, topics);

  private static CreatableTopic topic(String name, int partitions, int replicationFactor) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) replicationFactor);
  }

  private static CreatableTopic assigned(String name, Map<Integer, List<Integer>> replicas) {
    CreatableTopic topic = topic(name, -1, -1);
    replicas.forEach(
        (partition, brokers) ->
            topic
                .assignments()
                .add(
                    new CreatableReplicaAssignment()
                        .setPartitionIndex(partition)
                        .setBrokerIds(brokers)));
    return topic;
  }

  private static CreateTopicsRequestData create(CreatableTopic... topics) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    for (CreatableTopic topic : topics) {
      request.topics().mustAdd(topic);
    }
    return request;
  }

  private CreateTopicsResponseData created(CreatableTopic... topics) throws Exception {
    return Exchanges.ask(createTopics, create(topics), CreateTopicsResponseData.class);
  }

  private Errors error(CreatableTopic topic) throws Exception {
    return Errors.forCode(created(topic).topics().find(topic.name()).errorCode());
  }

  @Test
  void everyVersionCreatesTopicsAndTellsWhatItKnows() throws Exception {
    for (short version : Exchanges.versions(createTopics)) {
      String name = "t" + version;
      CreatableTopic topic = topic(name, 3, 2);
      topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("3600000"));
      CreatableTopicResult result =
          Exchanges.ask(createTopics, create(topic), version, CreateTopicsResponseData.class)
              .topics()
              .find(name);
      assertThat(result.errorCode()).isZero();
      assertThat(cluster.topic(name).partitions()).hasSize(3);
      if (version >= 5) {
        assertThat(result.numPartitions()).isEqualTo(3);
        assertThat(result.replicationFactor()).isEqualTo((short) 2);
        assertThat(result.configs())
            .extracting(CreatableTopicConfigs::name)
            .contains("cleanup.policy", "durability", "retention.ms")
            .isSorted();
        CreatableTopicConfigs retention =
            result.configs().stream()
                .filter(config -> config.name().equals("retention.ms"))
                .findFirst()
                .orElseThrow();
        assertThat(retention.value()).isEqualTo("3600000");
        assertThat(retention.configSource()).isEqualTo(ConfigSource.TOPIC_CONFIG.id());
      }
      if (version >= 7) {
        assertThat(result.topicId()).isEqualTo(KafkaIds.toKafka(cluster.topic(name).id()));
      }
    }
  }

  @Test
  void minusOneIsTheDefaultAndNothingElseIs() throws Exception {
    CreatableTopicResult result = created(topic("t", -1, -1)).topics().find("t");
    assertThat(result.numPartitions()).isEqualTo(1);
    assertThat(result.replicationFactor()).isEqualTo((short) 3);
    assertThat(error(topic("u", 0, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
    assertThat(error(topic("u", -2, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
    assertThat(error(topic("u", 1, 0))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    assertThat(error(topic("u", 1, -2))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    assertThat(error(topic("u", 1, 4))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
  }

  @Test
  void eachTopicIsRefusedForItsOwnReason() throws Exception {
    created(topic("taken", 1, 1));
    CreatableTopic compacted = topic("compacted", 1, 1);
    compacted
        .configs()
        .add(new CreatableTopicConfig().setName("cleanup.policy").setValue("shrink"));
    CreatableTopic unknown = topic("unknown", 1, 1);
    unknown.configs().add(new CreatableTopicConfig().setName("no.such").setValue("1"));
    CreatableTopic empty = topic("empty", 1, 1);
    empty.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue(null));
    var results =
        created(
                topic("good", 1, 1),
                topic("taken", 1, 1),
                topic("no good", 1, 1),
                topic("twice", 1, 1),
                topic("twice", 2, 1),
                topic("__cluster_metadata", 1, 1),
                compacted,
                unknown,
                empty)
            .topics();
    assertThat(results)
        .extracting(result -> result.name() + " " + Errors.forCode(result.errorCode()))
        .containsExactlyInAnyOrder(
            "good NONE",
            "taken TOPIC_ALREADY_EXISTS",
            "no good INVALID_TOPIC_EXCEPTION",
            "twice INVALID_REQUEST",
            "__cluster_metadata TOPIC_AUTHORIZATION_FAILED",
            "compacted INVALID_CONFIG",
            "unknown INVALID_CONFIG",
            "empty INVALID_CONFIG");
    assertThat(results.find("compacted").errorMessage()).contains("expected cleanup.policy to be");
    assertThat(results.find("taken").numPartitions()).isEqualTo(-1);
  }

  @Test
  void replicasMayBeAssignedByHand() throws Exception {
    assertThat(error(assigned("t", Map.of(0, List.of(2, 1), 1, List.of(1, 3)))))
        .isEqualTo(Errors.NONE);
    assertThat(cluster.topic("t").partitions().get(0).replicas()).containsExactly(2, 1);
    assertThat(cluster.topic("t").partitions().get(1).isr()).containsExactly(1);
    assertThat(error(assigned("u", Map.of(1, List.of(1)))))
        .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(error(assigned("u", Map.of(0, List.of(9)))))
        .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(error(assigned("u", Map.of(0, List.of(3)))))
        .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    assertThat(error(assigned("u", Map.of(0, List.of(1))).setNumPartitions(1)))
        .isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  void checkingCreatesNothing() throws Exception {
    CreateTopicsRequestData request = create(topic("t", 2, 2)).setValidateOnly(true);
    CreatableTopicResult result =
        Exchanges.ask(createTopics, request, CreateTopicsResponseData.class).topics().find("t");
    assertThat(result.errorCode()).isZero();
    assertThat(result.numPartitions()).isEqualTo(2);
    // As Kafka: an id that nobody will ever have.
    assertThat(result.topicId()).isNotEqualTo(Uuid.ZERO_UUID);
    assertThat(cluster.image().topic("t")).isNull();
  }

  @Test
  void whoWaitsInVainIsToldThatTheTimeIsOver() {
    cluster.fallSilent();
    assertThatThrownBy(
            () ->
                Exchanges.ask(
                    createTopics,
                    create(topic("t", 1, 1)).setTimeoutMs(1),
                    CreateTopicsResponseData.class))
        .satisfies(
            failure -> assertThat(KafkaErrors.of(failure)).isEqualTo(Errors.REQUEST_TIMED_OUT));
  }

  @Test
  void everyVersionDeletesByNameAndTheLatestById() throws Exception {
    for (short version : Exchanges.versions(deleteTopics)) {
      String name = "t" + version;
      UUID id = cluster.create(name, 1, Map.of()).id();
      DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(10_000);
      if (version < 6) {
        request.topicNames().add(name);
      } else {
        request.topics().add(new DeleteTopicState().setTopicId(KafkaIds.toKafka(id)));
      }
      DeletableTopicResult result =
          Exchanges.ask(deleteTopics, request, version, DeleteTopicsResponseData.class)
              .responses()
              .find(name);
      assertThat(result.errorCode()).isZero();
      assertThat(cluster.image().topic(name)).isNull();
    }
  }

  @Test
  void whatCannotBeDeletedIsRefusedOneByOne() throws Exception {
    Uuid both = KafkaIds.toKafka(cluster.create("both", 1, Map.of()).id());
    Uuid twice = KafkaIds.toKafka(cluster.create("twice", 1, Map.of()).id());
    cluster.create("good", 1, Map.of());
    Uuid unknown = new Uuid(7, 7);
    DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(10_000);
    request.topics().add(new DeleteTopicState());
    request.topics().add(new DeleteTopicState().setName("x").setTopicId(unknown));
    request.topics().add(new DeleteTopicState().setName("missing"));
    request.topics().add(new DeleteTopicState().setTopicId(unknown));
    request.topics().add(new DeleteTopicState().setTopicId(both));
    request.topics().add(new DeleteTopicState().setName("both"));
    request.topics().add(new DeleteTopicState().setTopicId(twice));
    request.topics().add(new DeleteTopicState().setTopicId(twice));
    request.topics().add(new DeleteTopicState().setName("good"));
    var responses =
        Exchanges.ask(deleteTopics, request, DeleteTopicsResponseData.class).responses();
    assertThat(responses)
        .extracting(result -> result.name() + " " + Errors.forCode(result.errorCode()))
        .containsExactlyInAnyOrder(
            "null INVALID_REQUEST",
            "x INVALID_REQUEST",
            "missing UNKNOWN_TOPIC_OR_PARTITION",
            "null UNKNOWN_TOPIC_ID",
            "both INVALID_REQUEST",
            "null INVALID_REQUEST",
            "good NONE");
    assertThat(cluster.image().topic("both")).isNotNull();
    assertThat(cluster.image().topic("twice")).isNotNull();
    assertThat(cluster.image().topic("good")).isNull();
  }

  private Map<String, Errors> grown(short version, CreatePartitionsTopic... topics)
      throws Exception {
    CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(10_000);
    for (CreatePartitionsTopic topic : topics) {
      request.topics().mustAdd(topic);
    }
    return Exchanges.ask(createPartitions, request, version, CreatePartitionsResponseData.class)
        .results()
        .stream()
        .collect(
            Collectors.toMap(
                result -> result.name(), result -> Errors.forCode(result.errorCode())));
  }

  private static CreatePartitionsTopic more(String name, int count) {
    return new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
  }

  @Test
  void everyVersionAddsPartitions() throws Exception {
    cluster.create("t", 1, Map.of());
    int count = 1;
    for (short version : Exchanges.versions(createPartitions)) {
      count++;
      assertThat(grown(version, more("t", count))).containsExactly(Map.entry("t", Errors.NONE));
      assertThat(cluster.topic("t").partitions()).hasSize(count);
    }
  }

  @Test
  void partitionsThatCannotBeAddedAreRefusedOneByOne() throws Exception {
    cluster.create("same", 2, Map.of());
    cluster.create("fewer", 2, Map.of());
    cluster.create("twice", 1, Map.of());
    cluster.create("assigned", 1, Map.of());
    cluster.create("badly", 1, Map.of());
    assertThat(
            grown(
                (short) 3,
                more("same", 2),
                more("fewer", 1),
                more("twice", 2),
                more("twice", 3),
                more("missing", 2),
                more("assigned", 2)
                    .setAssignments(
                        List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(2)))),
                more("badly", 3)
                    .setAssignments(
                        List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(2))))))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "same", Errors.INVALID_PARTITIONS,
                "fewer", Errors.INVALID_PARTITIONS,
                "twice", Errors.INVALID_REQUEST,
                "missing", Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "assigned", Errors.NONE,
                "badly", Errors.INVALID_REPLICA_ASSIGNMENT));
    assertThat(cluster.topic("assigned").partitions().get(1).replicas()).containsExactly(2);
  }
}
