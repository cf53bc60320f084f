// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.QuorumMember;
import io.jangada.broker.service.ProducerDescriptions.Producer;
import io.jangada.broker.service.RecordDeletion;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.kafka.api.JangadaFeature;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.metadata.command.FeatureRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The cluster, its partitions, its quorum, and who writes. */
class ClusterApisTest {
  private final FakeCluster cluster = new FakeCluster();

  @Test
  void theClusterIsItsBrokersInServiceUnlessTheOthersAreWanted() throws Exception {
    DescribeClusterApi api = new DescribeClusterApi(1, cluster);
    for (short version : Exchanges.versions(api)) {
      DescribeClusterResponseData response =
          Exchanges.ask(
              api,
              new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true),
              version,
              DescribeClusterResponseData.class);
      assertThat(response.errorCode()).isZero();
      assertThat(response.clusterId()).isEqualTo(KafkaIds.toKafka(FakeCluster.ID).toString());
      assertThat(response.controllerId()).isEqualTo(1);
      assertThat(response.clusterAuthorizedOperations()).isEqualTo(8096);
      assertThat(response.brokers())
          .extracting(broker -> broker.brokerId() + " " + broker.host() + " " + broker.port())
          .containsExactly("1 k1 9092", "2 k2 9092");
      assertThat(response.brokers())
          .extracting(DescribeClusterBroker::rack)
          .containsExactly(null, "rack-2");
    }
    DescribeClusterResponseData all =
        Exchanges.ask(
            api,
            new DescribeClusterRequestData().setIncludeFencedBrokers(true),
            DescribeClusterResponseData.class);
    assertThat(all.brokers())
        .extracting(DescribeClusterBroker::isFenced)
        .containsExactly(false, false, true);
  }

  @Test
  void aBrokerIsNoController() throws Exception {
    DescribeClusterApi api = new DescribeClusterApi(1, cluster);
    Map<Integer, Errors> expected =
        Map.of(9, Errors.UNSUPPORTED_ENDPOINT_TYPE, 2, Errors.MISMATCHED_ENDPOINT_TYPE);
    for (Map.Entry<Integer, Errors> each : expected.entrySet()) {
      DescribeClusterResponseData response =
          Exchanges.ask(
              api,
              new DescribeClusterRequestData().setEndpointType(each.getKey().byteValue()),
              DescribeClusterResponseData.class);
      assertThat(Errors.forCode(response.errorCode())).isEqualTo(each.getValue());
      assertThat(response.brokers()).isEmpty();
    }
  }

  private static DescribeTopicPartitionsRequestData partitions(int limit, String... topics) {
    DescribeTopicPartitionsRequestData request =
        new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(limit);
    for (String topic : topics) {
      request.topics().add(new TopicRequest().setName(topic));
    }
    return request;
  }

  private static DescribeTopicPartitionsRequestData.Cursor at(String topic, int partition) {
    return new DescribeTopicPartitionsRequestData.Cursor()
        .setTopicName(topic)
        .setPartitionIndex(partition);
  }

  @Test
  void aCursorGoesThroughAllPartitionsOnce() throws Exception {
    cluster.create("b", 3, Map.of());
    cluster.create("a", 2, Map.of());
    cluster.create("c", 1, Map.of());
    DescribeTopicPartitionsApi api = new DescribeTopicPartitionsApi(cluster);
    List<String> seen = new ArrayList<>();
    DescribeTopicPartitionsRequestData request = partitions(2);
    int responses = 0;
    while (true) {
      DescribeTopicPartitionsResponseData response =
          Exchanges.ask(api, request, DescribeTopicPartitionsResponseData.class);
      responses++;
      response
          .topics()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(partition -> seen.add(topic.name() + partition.partitionIndex())));
      if (response.nextCursor() == null) {
        break;
      }
      request =
          partitions(2)
              .setCursor(
                  at(response.nextCursor().topicName(), response.nextCursor().partitionIndex()));
    }
    assertThat(seen).containsExactly("a0", "a1", "b0", "b1", "b2", "c0");
    assertThat(responses).isEqualTo(3);
  }

  @Test
  void partitionsAreDescribedWithTheirReplicas() throws Exception {
    cluster.create("t", 1, Map.of());
    DescribeTopicPartitionsApi api = new DescribeTopicPartitionsApi(cluster);
    var topics =
        Exchanges.ask(
                api,
                partitions(10, "t", "missing", "no good"),
                DescribeTopicPartitionsResponseData.class)
            .topics();
    assertThat(topics)
        .extracting(topic -> topic.name() + " " + Errors.forCode(topic.errorCode()))
        .containsExactly(
            "missing UNKNOWN_TOPIC_OR_PARTITION", "no good INVALID_TOPIC_EXCEPTION", "t NONE");
    var described = topics.find("t");
    assertThat(described.topicId()).isEqualTo(KafkaIds.toKafka(cluster.topic("t").id()));
    assertThat(described.topicAuthorizedOperations()).isEqualTo(3576);
    var partition = described.partitions().getFirst();
    assertThat(partition.leaderId()).isEqualTo(1);
    assertThat(partition.replicaNodes()).containsExactly(1);
    assertThat(partition.eligibleLeaderReplicas()).isEmpty();
    assertThat(partition.offlineReplicas()).isEmpty();
  }

  @Test
  void aCursorThatPointsNowhereIsRefused() {
    cluster.create("t", 1, Map.of());
    DescribeTopicPartitionsApi api = new DescribeTopicPartitionsApi(cluster);
    for (DescribeTopicPartitionsRequestData bad :
        List.of(
            partitions(10, "t").setCursor(at("a", 0)),
            partitions(10, "t").setCursor(at("t", -1)))) {
      assertThatThrownBy(() -> Exchanges.ask(api, bad, DescribeTopicPartitionsResponseData.class))
          .satisfies(
              failure -> assertThat(KafkaErrors.of(failure)).isEqualTo(Errors.INVALID_REQUEST));
    }
  }

  private static DescribeQuorumRequestData quorum(String topic, int partition) {
    DescribeQuorumRequestData request = new DescribeQuorumRequestData();
    request
        .topics()
        .add(
            new DescribeQuorumRequestData.TopicData()
                .setTopicName(topic)
                .setPartitions(
                    List.of(
                        new DescribeQuorumRequestData.PartitionData()
                            .setPartitionIndex(partition))));
    return request;
  }

  @Test
  void theQuorumIsItsVoters() throws Exception {
    UUID directory = new UUID(3, 4);
    DescribeQuorumApi api =
        new DescribeQuorumApi(
            () ->
                CompletableFuture.completedFuture(
                    DescribeQuorumResponse.newBuilder()
                        .setLeaderId(1)
                        .setTerm(7)
                        .setCommittedIndex(99)
                        .addMembers(
                            QuorumMember.newBuilder()
                                .setNodeId(1)
                                .setLeader(true)
                                .setAddress("q1:7401")
                                .setMatchIndex(-1)
                                .setLastContactMs(-1)
                                .setDirectoryId(directory.toString()))
                        .addMembers(
                            QuorumMember.newBuilder()
                                .setNodeId(2)
                                .setAddress("q2:7401")
                                .setMatchIndex(90)
                                .setLastContactMs(30)
                                .setDirectoryId("0123"))
                        .build()),
            () -> Instant.ofEpochMilli(1_000));
    for (short version : Exchanges.versions(api)) {
      DescribeQuorumResponseData response =
          Exchanges.ask(
              api, quorum("__cluster_metadata", 0), version, DescribeQuorumResponseData.class);
      var partition = response.topics().getFirst().partitions().getFirst();
      assertThat(partition.leaderId()).isEqualTo(1);
      assertThat(partition.leaderEpoch()).isEqualTo(7);
      assertThat(partition.highWatermark()).isEqualTo(100);
      assertThat(partition.currentVoters())
          .extracting(voter -> voter.replicaId() + " " + voter.logEndOffset())
          .containsExactly("1 100", "2 91");
      if (version >= 1) {
        assertThat(partition.currentVoters().get(1).lastFetchTimestamp()).isEqualTo(970);
        assertThat(partition.currentVoters().get(1).lastCaughtUpTimestamp()).isEqualTo(-1);
      }
      if (version >= 2) {
        assertThat(partition.currentVoters().get(0).replicaDirectoryId())
            .isEqualTo(KafkaIds.toKafka(directory));
        assertThat(partition.currentVoters().get(1).replicaDirectoryId()).isEqualTo(Uuid.ZERO_UUID);
        assertThat(response.nodes().find(2).listeners().find("CONTROLLER").port()).isEqualTo(7401);
      }
    }
    for (DescribeQuorumRequestData other :
        List.of(quorum("__cluster_metadata", 1), quorum("t", 0))) {
      assertThat(
              Errors.forCode(
                  Exchanges.ask(api, other, DescribeQuorumResponseData.class)
                      .topics()
                      .getFirst()
                      .partitions()
                      .getFirst()
                      .errorCode()))
          .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
  }

  @Test
  void theFeatureLevelIsRaisedAndNeverLowered() throws Exception {
    UpdateFeaturesApi api = new UpdateFeaturesApi(cluster, new SettingsAdmin(cluster, cluster));
    int level = cluster.image().cluster().featureLevel();
    for (short version : Exchanges.versions(api)) {
      assertThat(updated(api, version, JangadaFeature.NAME, level)).isEqualTo(Errors.NONE);
      assertThat(updated(api, version, JangadaFeature.NAME, level - 1))
          .isEqualTo(Errors.INVALID_UPDATE_VERSION);
      assertThat(updated(api, version, JangadaFeature.NAME, FeatureRange.SUPPORTED.max() + 1))
          .isEqualTo(Errors.INVALID_UPDATE_VERSION);
      assertThat(updated(api, version, "transaction.version", 2))
          .isEqualTo(Errors.INVALID_UPDATE_VERSION);
    }
  }

  private static Errors updated(UpdateFeaturesApi api, short version, String feature, int level)
      throws Exception {
    UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
    request
        .featureUpdates()
        .add(new FeatureUpdateKey().setFeature(feature).setMaxVersionLevel((short) level));
    return Errors.forCode(
        Exchanges.ask(api, request, version, UpdateFeaturesResponseData.class).errorCode());
  }

  @Test
  void resourcesThatCanBeConfiguredAreTopicsAndBrokers() throws Exception {
    cluster.create("t", 1, Map.of());
    ListConfigResourcesApi api = new ListConfigResourcesApi(cluster);
    assertThat(
            Exchanges.ask(
                    api,
                    new ListConfigResourcesRequestData(),
                    (short) 0,
                    ListConfigResourcesResponseData.class)
                .configResources())
        .isEmpty();
    assertThat(
            Exchanges.ask(
                    api,
                    new ListConfigResourcesRequestData(),
                    ListConfigResourcesResponseData.class)
                .configResources())
        .extracting(
            resource ->
                ConfigResource.Type.forId(resource.resourceType()) + " " + resource.resourceName())
        .containsExactlyInAnyOrder(
            "TOPIC t", "BROKER 1", "BROKER 2", "BROKER_LOGGER 1", "BROKER_LOGGER 2");
    assertThat(
            Errors.forCode(
                Exchanges.ask(
                        api,
                        new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 99)),
                        ListConfigResourcesResponseData.class)
                    .errorCode()))
        .isEqualTo(Errors.UNSUPPORTED_VERSION);
  }

  @Test
  void thereAreNoTransactions() throws Exception {
    DescribeTransactionsRequestData describe = new DescribeTransactionsRequestData();
    describe.transactionalIds().add("tx");
    var state =
        Exchanges.ask(
                new DescribeTransactionsApi(), describe, DescribeTransactionsResponseData.class)
            .transactionStates()
            .getFirst();
    assertThat(state.transactionalId()).isEqualTo("tx");
    assertThat(Errors.forCode(state.errorCode())).isEqualTo(Errors.NOT_COORDINATOR);

    ListTransactionsApi list = new ListTransactionsApi();
    for (short version : Exchanges.versions(list)) {
      ListTransactionsResponseData response =
          Exchanges.ask(
              list,
              new ListTransactionsRequestData().setStateFilters(List.of("Ongoing", "Odd")),
              version,
              ListTransactionsResponseData.class);
      assertThat(response.errorCode()).isZero();
      assertThat(response.unknownStateFilters()).containsExactly("Odd");
      assertThat(response.transactionStates()).isEmpty();
    }
    assertThat(
            Errors.forCode(
                Exchanges.ask(
                        list,
                        new ListTransactionsRequestData().setTransactionalIdPattern("("),
                        ListTransactionsResponseData.class)
                    .errorCode()))
        .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
  }

  @Test
  void producersOfPartitionsHereAreDescribed() throws Exception {
    cluster.create("t", 2, Map.of());
    DescribeProducersApi api =
        new DescribeProducersApi(
            cluster,
            partition ->
                partition.partition() == 0
                    ? CompletableFuture.completedFuture(List.of(new Producer(11, 2, 5, 900)))
                    : CompletableFuture.failedFuture(
                        new JangadaException(ErrorCode.NOT_LEADER, "expected a replica here")));
    DescribeProducersRequestData request = new DescribeProducersRequestData();
    request
        .topics()
        .add(
            new DescribeProducersRequestData.TopicRequest()
                .setName("t")
                .setPartitionIndexes(List.of(0, 1, 2)));
    var partitions =
        Exchanges.ask(api, request, DescribeProducersResponseData.class)
            .topics()
            .getFirst()
            .partitions();
    assertThat(partitions)
        .extracting(partition -> Errors.forCode(partition.errorCode()))
        .containsExactly(
            Errors.NONE, Errors.NOT_LEADER_OR_FOLLOWER, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(partitions.getFirst().activeProducers())
        .containsExactly(
            new ProducerState()
                .setProducerId(11)
                .setProducerEpoch(2)
                .setLastSequence(5)
                .setLastTimestamp(900)
                .setCoordinatorEpoch(-1)
                .setCurrentTxnStartOffset(-1));
  }

  @Test
  void recordsAreDeletedOnlyWhereThisBrokerLeads() throws Exception {
    cluster.create("t", 3, Map.of());
    Map<TopicIdPartition, Long> asked = new HashMap<>();
    RecordDeletion deletion =
        before -> {
          asked.putAll(before);
          Map<TopicIdPartition, RecordDeletion.Answer> answers = new HashMap<>();
          before.forEach(
              (id, offset) ->
                  answers.put(
                      id,
                      id.partition() == 0
                          ? new RecordDeletion.Deleted(offset)
                          : new RecordDeletion.Failed(
                              new JangadaException(
                                  ErrorCode.OFFSET_OUT_OF_RANGE, "expected less"))));
          return CompletableFuture.completedFuture(answers);
        };
    for (short version : Exchanges.versions(new DeleteRecordsApi(1, cluster, deletion))) {
      DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTimeoutMs(10_000);
      request
          .topics()
          .add(
              new DeleteRecordsTopic()
                  .setName("t")
                  .setPartitions(
                      List.of(
                          new DeleteRecordsPartition().setPartitionIndex(0).setOffset(5),
                          new DeleteRecordsPartition().setPartitionIndex(1).setOffset(6),
                          new DeleteRecordsPartition().setPartitionIndex(9).setOffset(6))));
      var results =
          Exchanges.ask(
                  new DeleteRecordsApi(1, cluster, deletion),
                  request,
                  version,
                  DeleteRecordsResponseData.class)
              .topics()
              .find("t")
              .partitions();
      assertThat(results)
          .extracting(result -> Errors.forCode(result.errorCode()) + " " + result.lowWatermark())
          .containsExactly("NONE 5", "OFFSET_OUT_OF_RANGE -1", "UNKNOWN_TOPIC_OR_PARTITION -1");
      assertThat(asked).hasSize(2);
      assertThat(
              Errors.forCode(
                  Exchanges.ask(
                          new DeleteRecordsApi(2, cluster, deletion),
                          request,
                          version,
                          DeleteRecordsResponseData.class)
                      .topics()
                      .find("t")
                      .partitions()
                      .find(0)
                      .errorCode()))
          .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }
  }
}
