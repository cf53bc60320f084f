// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.AddQuorumMemberRequest;
import io.jangada.api.v1.AddQuorumMemberResponse;
import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.AlterConfigsRequest;
import io.jangada.api.v1.AlterConfigsResponse;
import io.jangada.api.v1.AlterGroupOffsetsRequest;
import io.jangada.api.v1.AlterGroupOffsetsResponse;
import io.jangada.api.v1.AlterTopicConfigsRequest;
import io.jangada.api.v1.AlterTopicConfigsResponse;
import io.jangada.api.v1.AlterTopicConfigsResult;
import io.jangada.api.v1.BackupMetadataRequest;
import io.jangada.api.v1.BackupMetadataResponse;
import io.jangada.api.v1.CreatePartitionsRequest;
import io.jangada.api.v1.CreatePartitionsResponse;
import io.jangada.api.v1.CreateTopicResult;
import io.jangada.api.v1.CreateTopicsRequest;
import io.jangada.api.v1.CreateTopicsResponse;
import io.jangada.api.v1.DeleteGroupsRequest;
import io.jangada.api.v1.DeleteGroupsResponse;
import io.jangada.api.v1.DeleteRecordsRequest;
import io.jangada.api.v1.DeleteRecordsResponse;
import io.jangada.api.v1.DeleteTopicResult;
import io.jangada.api.v1.DeleteTopicsRequest;
import io.jangada.api.v1.DeleteTopicsResponse;
import io.jangada.api.v1.DescribeConfigsRequest;
import io.jangada.api.v1.DescribeConfigsResponse;
import io.jangada.api.v1.DescribeGroupsRequest;
import io.jangada.api.v1.DescribeGroupsResponse;
import io.jangada.api.v1.DescribeQuorumRequest;
import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.DescribeTopicsRequest;
import io.jangada.api.v1.DescribeTopicsResponse;
import io.jangada.api.v1.ElectFromLastKnownRequest;
import io.jangada.api.v1.ElectFromLastKnownResponse;
import io.jangada.api.v1.ElectPreferredLeadersRequest;
import io.jangada.api.v1.ElectPreferredLeadersResponse;
import io.jangada.api.v1.ListBrokersRequest;
import io.jangada.api.v1.ListBrokersResponse;
import io.jangada.api.v1.ListGroupsRequest;
import io.jangada.api.v1.ListGroupsResponse;
import io.jangada.api.v1.ListTopicsRequest;
import io.jangada.api.v1.ListTopicsResponse;
import io.jangada.api.v1.RemoveBrokerRequest;
import io.jangada.api.v1.RemoveBrokerResponse;
import io.jangada.api.v1.RemoveQuorumMemberRequest;
import io.jangada.api.v1.RemoveQuorumMemberResponse;
import io.jangada.api.v1.SetFeatureLevelRequest;
import io.jangada.api.v1.SetFeatureLevelResponse;
import io.jangada.api.v1.TopicConfigChange;
import io.jangada.api.v1.TopicRef;
import io.jangada.api.v1.TopicSummary;
import io.jangada.api.v1.TransferQuorumLeadershipRequest;
import io.jangada.api.v1.TransferQuorumLeadershipResponse;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.RecordDeletion;
import io.jangada.broker.service.ReplicaOffsets;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.ControllerRequest.NewTopic;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.TopicImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** jangada.v1.AdminService. */
public final class AdminGrpcService extends AdminServiceGrpc.AdminServiceImplBase {
  private final ClusterMetadata metadata;
  private final TopicAdmin topics;
  private final QuorumCalls quorum;
  private final TopicDescriber describer;
  private final RecordDeletion recordDeletion;
  private final ConfigCalls configs;
  private final PartitionCalls partitions;
  private final GroupCalls groups;

  /**
   * Answers from the metadata, the quorum leader and the partitions' leaders.
   *
   * @param quorum asks the quorum's leader
   * @param groups asks groups' coordinators
   */
  public AdminGrpcService(
      ClusterMetadata metadata,
      TopicAdmin topics,
      QuorumCalls quorum,
      ReplicaOffsets offsets,
      RecordDeletion recordDeletion,
      ConfigCalls configs,
      GroupCalls groups) {
    this.metadata = metadata;
    this.topics = topics;
    this.quorum = quorum;
    this.describer = new TopicDescriber(offsets);
    this.recordDeletion = recordDeletion;
    this.configs = configs;
    this.partitions = new PartitionCalls(metadata, topics);
    this.groups = groups;
  }

  @Override
  public void createTopics(
      CreateTopicsRequest request, StreamObserver<CreateTopicsResponse> responses) {
    List<NewTopic> wanted =
        request.getTopicsList().stream()
            .map(
                topic ->
                    new NewTopic(
                        topic.getName(),
                        topic.getPartitions(),
                        topic.getReplicationFactor(),
                        topic.getConfigsMap()))
            .toList();
    answer(
        topics.create(wanted, request.getValidateOnly()),
        responses,
        created ->
            CreateTopicsResponse.newBuilder()
                .addAllResults(
                    created.results().stream().map(AdminGrpcService::createResult).toList())
                .build());
  }

  @Override
  public void deleteTopics(
      DeleteTopicsRequest request, StreamObserver<DeleteTopicsResponse> responses) {
    NamedTopics named = NamedTopics.of(metadata.image(), request.getTopicsList());
    answer(
        topics.delete(named.known((position, id) -> id), request.getValidateOnly()),
        responses,
        deleted -> {
          Map<UUID, Refusal> refusals = new HashMap<>();
          deleted
              .results()
              .forEach(result -> putIfRefused(refusals, result.topicId(), result.refusal()));
          return DeleteTopicsResponse.newBuilder()
              .addAllResults(named.results(refusals, AdminGrpcService::deleteResult))
              .build();
        });
  }

  @Override
  public void alterTopicConfigs(
      AlterTopicConfigsRequest request, StreamObserver<AlterTopicConfigsResponse> responses) {
    NamedTopics named =
        NamedTopics.of(
            metadata.image(),
            request.getChangesList().stream().map(TopicConfigChange::getTopic).toList());
    answer(
        topics.alter(
            named.known((position, id) -> configChange(id, request.getChanges(position))),
            request.getValidateOnly()),
        responses,
        altered -> {
          Map<UUID, Refusal> refusals = new HashMap<>();
          altered
              .results()
              .forEach(result -> putIfRefused(refusals, result.topicId(), result.refusal()));
          return AlterTopicConfigsResponse.newBuilder()
              .addAllResults(named.results(refusals, AdminGrpcService::alterResult))
              .build();
        });
  }

  @Override
  public void createPartitions(
      CreatePartitionsRequest request, StreamObserver<CreatePartitionsResponse> responses) {
    answer(partitions.create(request), responses, Function.identity());
  }

  @Override
  public void electPreferredLeaders(
      ElectPreferredLeadersRequest request,
      StreamObserver<ElectPreferredLeadersResponse> responses) {
    answer(partitions.electPreferred(request), responses, Function.identity());
  }

  @Override
  public void deleteRecords(
      DeleteRecordsRequest request, StreamObserver<DeleteRecordsResponse> responses) {
    RecordDeletionRequest deletion =
        RecordDeletionRequest.of(metadata.image(), request.getDeletionsList());
    answer(
        recordDeletion.delete(deletion.before()),
        responses,
        answers ->
            DeleteRecordsResponse.newBuilder().addAllResults(deletion.results(answers)).build());
  }

  private static void putIfRefused(
      Map<UUID, Refusal> refusals, UUID topicId, @Nullable Refusal refusal) {
    if (refusal != null) {
      refusals.put(topicId, refusal);
    }
  }

  private static ControllerRequest.TopicConfigChange configChange(
      UUID topicId, TopicConfigChange change) {
    return new ControllerRequest.TopicConfigChange(
        topicId, change.getSetMap(), change.getUnsetList());
  }

  private static DeleteTopicResult deleteResult(TopicRef topic, @Nullable JangadaException why) {
    DeleteTopicResult.Builder result = DeleteTopicResult.newBuilder().setTopic(topic);
    return (why == null ? result : result.setError(Failures.toError(why))).build();
  }

  private static AlterTopicConfigsResult alterResult(
      TopicRef topic, @Nullable JangadaException why) {
    AlterTopicConfigsResult.Builder result = AlterTopicConfigsResult.newBuilder().setTopic(topic);
    return (why == null ? result : result.setError(Failures.toError(why))).build();
  }

  @Override
  public void electFromLastKnown(
      ElectFromLastKnownRequest request, StreamObserver<ElectFromLastKnownResponse> responses) {
    int candidate = request.hasBrokerId() ? request.getBrokerId() : PartitionRegistration.NO_LEADER;
    answer(
        found(request)
            .thenCompose(id -> topics.electFromLastKnown(id, candidate, request.getValidateOnly())),
        responses,
        elected -> ElectFromLastKnownResponse.newBuilder().setLeaderId(elected.leader()).build());
  }

  private CompletableFuture<TopicIdPartition> found(ElectFromLastKnownRequest request) {
    try {
      return CompletableFuture.completedFuture(
          TopicLookup.partition(
              metadata.image(), WireRefs.partition(request.getTopic(), request.getPartition())));
    } catch (JangadaException unknown) {
      return CompletableFuture.failedFuture(unknown);
    }
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> responses) {
    ListTopicsResponse.Builder list = ListTopicsResponse.newBuilder();
    metadata.image().topics().values().forEach(topic -> list.addTopics(summary(topic)));
    responses.onNext(list.build());
    responses.onCompleted();
  }

  @Override
  public void describeTopics(
      DescribeTopicsRequest request, StreamObserver<DescribeTopicsResponse> responses) {
    answer(
        describer.describe(metadata.image(), request.getTopicsList()),
        responses,
        descriptions -> DescribeTopicsResponse.newBuilder().addAllTopics(descriptions).build());
  }

  @Override
  public void listBrokers(
      ListBrokersRequest request, StreamObserver<ListBrokersResponse> responses) {
    ListBrokersResponse.Builder list = ListBrokersResponse.newBuilder();
    metadata
        .image()
        .brokers()
        .values()
        .forEach(broker -> list.addBrokers(WireMetadata.broker(broker)));
    responses.onNext(list.build());
    responses.onCompleted();
  }

  @Override
  public void describeQuorum(
      DescribeQuorumRequest request, StreamObserver<DescribeQuorumResponse> responses) {
    answer(quorum.describe(), responses, Function.identity());
  }

  @Override
  public void removeBroker(
      RemoveBrokerRequest request, StreamObserver<RemoveBrokerResponse> responses) {
    answer(configs.removeBroker(request), responses, Function.identity());
  }

  @Override
  public void transferQuorumLeadership(
      TransferQuorumLeadershipRequest request,
      StreamObserver<TransferQuorumLeadershipResponse> responses) {
    answer(quorum.transfer(request), responses, Function.identity());
  }

  @Override
  public void addQuorumMember(
      AddQuorumMemberRequest request, StreamObserver<AddQuorumMemberResponse> responses) {
    answer(quorum.add(request), responses, Function.identity());
  }

  @Override
  public void removeQuorumMember(
      RemoveQuorumMemberRequest request, StreamObserver<RemoveQuorumMemberResponse> responses) {
    answer(quorum.remove(request), responses, Function.identity());
  }

  @Override
  public void describeConfigs(
      DescribeConfigsRequest request, StreamObserver<DescribeConfigsResponse> responses) {
    answer(configs.describe(request), responses, Function.identity());
  }

  @Override
  public void alterConfigs(
      AlterConfigsRequest request, StreamObserver<AlterConfigsResponse> responses) {
    answer(configs.alter(request), responses, Function.identity());
  }

  @Override
  public void backupMetadata(
      BackupMetadataRequest request, StreamObserver<BackupMetadataResponse> responses) {
    configs.backup(request, (ServerCallStreamObserver<BackupMetadataResponse>) responses);
  }

  @Override
  public void setFeatureLevel(
      SetFeatureLevelRequest request, StreamObserver<SetFeatureLevelResponse> responses) {
    answer(configs.setFeatureLevel(request), responses, Function.identity());
  }

  @Override
  public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> responses) {
    answer(groups.list(request), responses, Function.identity());
  }

  @Override
  public void describeGroups(
      DescribeGroupsRequest request, StreamObserver<DescribeGroupsResponse> responses) {
    answer(groups.describe(request), responses, Function.identity());
  }

  @Override
  public void deleteGroups(
      DeleteGroupsRequest request, StreamObserver<DeleteGroupsResponse> responses) {
    answer(groups.delete(request), responses, Function.identity());
  }

  @Override
  public void alterGroupOffsets(
      AlterGroupOffsetsRequest request, StreamObserver<AlterGroupOffsetsResponse> responses) {
    answer(groups.alterOffsets(request), responses, Function.identity());
  }

  private static <A, T> void answer(
      CompletableFuture<A> result, StreamObserver<T> responses, Function<A, T> toWire) {
    var unused =
        result
            .thenApply(toWire)
            .handle(
                (message, failure) -> {
                  if (failure == null) {
                    responses.onNext(message);
                    responses.onCompleted();
                  } else {
                    responses.onError(Failures.toStatus(failure));
                  }
                  return null;
                });
  }

  private static CreateTopicResult createResult(ControllerAnswer.CreateTopicResult result) {
    CreateTopicResult.Builder wire =
        CreateTopicResult.newBuilder()
            .setName(result.name())
            .setId(WireMetadata.id(result.topicId()))
            .setPartitions(result.partitions())
            .setReplicationFactor(result.replicationFactor());
    if (result.refusal() != null) {
      wire.setError(Failures.toError(result.refusal().toException()));
    }
    return wire.build();
  }

  private static TopicSummary summary(TopicImage topic) {
    return TopicSummary.newBuilder()
        .setName(topic.name())
        .setId(Uuids.toBytes(topic.id()))
        .setPartitions(topic.partitions().size())
        .setReplicationFactor(topic.replicationFactor())
        .build();
  }
}
