// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.admin;

import io.jangada.api.v1.AddQuorumMemberRequest;
import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.AlterConfigsResult;
import io.jangada.api.v1.AlterTopicConfigsRequest;
import io.jangada.api.v1.AlterTopicConfigsResponse;
import io.jangada.api.v1.BackupMetadataRequest;
import io.jangada.api.v1.ConfigDescription;
import io.jangada.api.v1.CreatePartitionsRequest;
import io.jangada.api.v1.CreatePartitionsResponse;
import io.jangada.api.v1.CreateTopicsRequest;
import io.jangada.api.v1.CreateTopicsResponse;
import io.jangada.api.v1.DeleteRecordsRequest;
import io.jangada.api.v1.DeleteRecordsResponse;
import io.jangada.api.v1.DeleteRecordsResult;
import io.jangada.api.v1.DeleteTopicResult;
import io.jangada.api.v1.DeleteTopicsRequest;
import io.jangada.api.v1.DeleteTopicsResponse;
import io.jangada.api.v1.DescribeConfigsRequest;
import io.jangada.api.v1.DescribeQuorumRequest;
import io.jangada.api.v1.DescribeTopicsRequest;
import io.jangada.api.v1.ElectFromLastKnownRequest;
import io.jangada.api.v1.ElectPreferredLeadersRequest;
import io.jangada.api.v1.ElectPreferredLeadersResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.ListBrokersRequest;
import io.jangada.api.v1.ListTopicsRequest;
import io.jangada.api.v1.NewPartitions;
import io.jangada.api.v1.PartitionRef;
import io.jangada.api.v1.RecordDeletion;
import io.jangada.api.v1.RemoveBrokerRequest;
import io.jangada.api.v1.RemoveQuorumMemberRequest;
import io.jangada.api.v1.SetFeatureLevelRequest;
import io.jangada.api.v1.TopicRef;
import io.jangada.api.v1.TransferQuorumLeadershipRequest;
import io.jangada.client.Admin;
import io.jangada.client.BrokerDescription;
import io.jangada.client.ConfigChange;
import io.jangada.client.ConfigEntry;
import io.jangada.client.ConfigScope;
import io.jangada.client.GroupDescription;
import io.jangada.client.GroupListing;
import io.jangada.client.NewTopic;
import io.jangada.client.Outcome;
import io.jangada.client.PartitionIncrease;
import io.jangada.client.PreferredElection;
import io.jangada.client.QuorumCandidate;
import io.jangada.client.QuorumDescription;
import io.jangada.client.TopicConfigChange;
import io.jangada.client.TopicDescription;
import io.jangada.client.TopicListing;
import io.jangada.client.internal.Shared;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.wire.WireErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The admin interface over gRPC. */
public final class DefaultAdmin implements Admin {
  private final AdminCalls calls;
  private final GroupCalls groups;

  /** An admin interface over shared connections. */
  public DefaultAdmin(Shared shared) {
    this.calls = new AdminCalls(shared);
    this.groups = new GroupCalls(calls);
  }

  @Override
  public List<Outcome<TopicListing>> createTopics(
      Collection<NewTopic> topics, boolean validateOnly) {
    CreateTopicsRequest.Builder request =
        CreateTopicsRequest.newBuilder().setValidateOnly(validateOnly);
    for (NewTopic topic : topics) {
      request.addTopics(
          io.jangada.api.v1.NewTopic.newBuilder()
              .setName(topic.name())
              .setPartitions(topic.partitions())
              .setReplicationFactor(topic.replicationFactor())
              .putAllConfigs(topic.configs()));
    }
    CreateTopicsResponse response =
        calls.change(
            AdminServiceGrpc.getCreateTopicsMethod(),
            request.build(),
            answer ->
                common(
                    answer.getResultsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    checkCount(topics.size(), response.getResultsCount());
    return response.getResultsList().stream().map(AdminMapping::created).toList();
  }

  @Override
  public List<Outcome<String>> deleteTopics(Collection<String> names, boolean validateOnly) {
    DeleteTopicsRequest.Builder request =
        DeleteTopicsRequest.newBuilder().setValidateOnly(validateOnly);
    names.forEach(name -> request.addTopics(named(name)));
    DeleteTopicsResponse response =
        calls.change(
            AdminServiceGrpc.getDeleteTopicsMethod(),
            request.build(),
            answer ->
                common(
                    answer.getResultsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    checkCount(names.size(), response.getResultsCount());
    return response.getResultsList().stream().map(DefaultAdmin::deleted).toList();
  }

  private static Outcome<String> deleted(DeleteTopicResult result) {
    return named(result.getTopic(), result.hasError() ? result.getError() : null);
  }

  @Override
  public List<Outcome<String>> alterTopicConfigs(
      Collection<TopicConfigChange> changes, boolean validateOnly) {
    AlterTopicConfigsRequest.Builder request =
        AlterTopicConfigsRequest.newBuilder().setValidateOnly(validateOnly);
    for (TopicConfigChange change : changes) {
      request.addChanges(
          io.jangada.api.v1.TopicConfigChange.newBuilder()
              .setTopic(named(change.topic()))
              .putAllSet(change.set())
              .addAllUnset(change.unset()));
    }
    AlterTopicConfigsResponse response =
        calls.change(
            AdminServiceGrpc.getAlterTopicConfigsMethod(),
            request.build(),
            answer ->
                common(
                    answer.getResultsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    checkCount(changes.size(), response.getResultsCount());
    return response.getResultsList().stream()
        .map(result -> named(result.getTopic(), result.hasError() ? result.getError() : null))
        .toList();
  }

  @Override
  public List<Outcome<Long>> deleteRecords(Map<TopicPartition, Long> before) {
    List<TopicPartition> partitions = List.copyOf(before.keySet());
    DeleteRecordsRequest.Builder request = DeleteRecordsRequest.newBuilder();
    for (TopicPartition partition : partitions) {
      request.addDeletions(
          RecordDeletion.newBuilder()
              .setTopic(named(partition.topic()))
              .setPartition(partition.partition())
              .setBeforeOffset(before.get(partition)));
    }
    DeleteRecordsResponse response =
        calls.change(
            AdminServiceGrpc.getDeleteRecordsMethod(),
            request.build(),
            answer ->
                common(
                    answer.getResultsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    checkCount(partitions.size(), response.getResultsCount());
    List<Outcome<Long>> outcomes = new ArrayList<>();
    for (int i = 0; i < partitions.size(); i++) {
      DeleteRecordsResult result = response.getResults(i);
      String name = partitions.get(i).toString();
      outcomes.add(
          result.hasError()
              ? new Outcome<>(name, null, WireErrors.fromWire(result.getError()))
              : new Outcome<>(name, result.getLogStartOffset(), null));
    }
    return outcomes;
  }

  @Override
  public List<Outcome<PartitionIncrease>> createPartitions(
      Map<String, Integer> totals, boolean validateOnly) {
    CreatePartitionsRequest.Builder request =
        CreatePartitionsRequest.newBuilder().setValidateOnly(validateOnly);
    totals.forEach(
        (topic, total) ->
            request.addTopics(NewPartitions.newBuilder().setTopic(named(topic)).setTotal(total)));
    CreatePartitionsResponse response =
        calls.change(
            AdminServiceGrpc.getCreatePartitionsMethod(),
            request.build(),
            answer ->
                common(
                    answer.getResultsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    checkCount(totals.size(), response.getResultsCount());
    return response.getResultsList().stream().map(AdminMapping::increased).toList();
  }

  @Override
  public List<Outcome<PreferredElection>> electPreferredLeaders(
      Collection<TopicPartition> partitions, boolean validateOnly) {
    ElectPreferredLeadersRequest.Builder request =
        ElectPreferredLeadersRequest.newBuilder().setValidateOnly(validateOnly);
    for (TopicPartition partition : partitions) {
      request.addPartitions(
          PartitionRef.newBuilder()
              .setTopic(named(partition.topic()))
              .setPartition(partition.partition()));
    }
    ElectPreferredLeadersResponse response =
        calls.change(
            AdminServiceGrpc.getElectPreferredLeadersMethod(),
            request.build(),
            answer ->
                common(
                    answer.getElectionsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    if (!partitions.isEmpty()) {
      checkCount(partitions.size(), response.getElectionsCount());
    }
    return response.getElectionsList().stream().map(AdminMapping::elected).toList();
  }

  private static Outcome<String> named(TopicRef topic, @Nullable Error error) {
    return error != null
        ? new Outcome<>(topic.getName(), null, WireErrors.fromWire(error))
        : new Outcome<>(topic.getName(), topic.getName(), null);
  }

  @Override
  public int electFromLastKnown(
      TopicPartition partition, OptionalInt broker, boolean validateOnly) {
    ElectFromLastKnownRequest.Builder request =
        ElectFromLastKnownRequest.newBuilder()
            .setTopic(named(partition.topic()))
            .setPartition(partition.partition())
            .setValidateOnly(validateOnly);
    broker.ifPresent(request::setBrokerId);
    return calls
        .change(AdminServiceGrpc.getElectFromLastKnownMethod(), request.build(), answer -> null)
        .getLeaderId();
  }

  @Override
  public List<TopicListing> listTopics(boolean includeInternal) {
    return calls
        .read(
            AdminServiceGrpc.getListTopicsMethod(),
            ListTopicsRequest.newBuilder().setIncludeInternal(includeInternal).build())
        .getTopicsList()
        .stream()
        .map(AdminMapping::listing)
        .sorted(Comparator.comparing(TopicListing::name))
        .toList();
  }

  @Override
  public List<Outcome<TopicDescription>> describeTopics(Collection<String> names) {
    DescribeTopicsRequest.Builder request = DescribeTopicsRequest.newBuilder();
    names.forEach(name -> request.addTopics(named(name)));
    return calls
        .read(AdminServiceGrpc.getDescribeTopicsMethod(), request.build())
        .getTopicsList()
        .stream()
        .map(AdminMapping::described)
        .toList();
  }

  @Override
  public List<BrokerDescription> listBrokers() {
    return calls
        .read(AdminServiceGrpc.getListBrokersMethod(), ListBrokersRequest.getDefaultInstance())
        .getBrokersList()
        .stream()
        .map(AdminMapping::broker)
        .sorted(Comparator.comparingInt(BrokerDescription::id))
        .toList();
  }

  @Override
  public QuorumDescription describeQuorum() {
    return AdminMapping.quorum(
        calls.read(
            AdminServiceGrpc.getDescribeQuorumMethod(),
            DescribeQuorumRequest.getDefaultInstance()));
  }

  @Override
  public void removeBroker(int brokerId, boolean validateOnly) {
    var unused =
        calls.change(
            AdminServiceGrpc.getRemoveBrokerMethod(),
            RemoveBrokerRequest.newBuilder()
                .setBrokerId(brokerId)
                .setValidateOnly(validateOnly)
                .build(),
            answer -> null);
  }

  @Override
  public int transferQuorumLeadership(OptionalInt nodeId, boolean validateOnly) {
    TransferQuorumLeadershipRequest.Builder request =
        TransferQuorumLeadershipRequest.newBuilder().setValidateOnly(validateOnly);
    nodeId.ifPresent(request::setNodeId);
    return calls
        .change(
            AdminServiceGrpc.getTransferQuorumLeadershipMethod(), request.build(), answer -> null)
        .getLeaderId();
  }

  @Override
  public int addQuorumMember(QuorumCandidate candidate, boolean validateOnly) {
    return calls
        .change(
            AdminServiceGrpc.getAddQuorumMemberMethod(),
            AddQuorumMemberRequest.newBuilder()
                .setNodeId(candidate.nodeId())
                .setGrpcAddress(candidate.grpcAddress())
                .setAddress(candidate.raftAddress())
                .setDirectoryId(candidate.directoryId().map(UUID::toString).orElse(""))
                .setValidateOnly(validateOnly)
                .build(),
            answer -> null)
        .getMembers();
  }

  @Override
  public int removeQuorumMember(int nodeId, boolean force, boolean validateOnly) {
    return calls
        .change(
            AdminServiceGrpc.getRemoveQuorumMemberMethod(),
            RemoveQuorumMemberRequest.newBuilder()
                .setNodeId(nodeId)
                .setForce(force)
                .setValidateOnly(validateOnly)
                .build(),
            answer -> null)
        .getMembers();
  }

  @Override
  public void backupMetadata(boolean local, OutputStream to) {
    calls.pieces(
        AdminServiceGrpc.getBackupMetadataMethod(),
        BackupMetadataRequest.newBuilder().setLocal(local).build(),
        piece -> {
          try {
            piece.getData().writeTo(to);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public int setFeatureLevel(int level, boolean validateOnly) {
    return calls
        .change(
            AdminServiceGrpc.getSetFeatureLevelMethod(),
            SetFeatureLevelRequest.newBuilder()
                .setLevel(level)
                .setValidateOnly(validateOnly)
                .build(),
            answer -> null)
        .getLevel();
  }

  @Override
  public List<Outcome<List<ConfigEntry>>> describeConfigs(Collection<ConfigScope> scopes) {
    List<ConfigScope> asked = List.copyOf(scopes);
    List<ConfigDescription> descriptions =
        calls
            .read(
                AdminServiceGrpc.getDescribeConfigsMethod(),
                DescribeConfigsRequest.newBuilder()
                    .addAllScopes(asked.stream().map(ConfigMapping::toWire).toList())
                    .build())
            .getDescriptionsList();
    checkCount(asked.size(), descriptions.size());
    return IntStream.range(0, asked.size())
        .mapToObj(i -> ConfigMapping.described(asked.get(i), descriptions.get(i)))
        .toList();
  }

  @Override
  public List<Outcome<ConfigScope>> alterConfigs(
      Collection<ConfigChange> changes, boolean validateOnly) {
    List<ConfigChange> asked = List.copyOf(changes);
    List<AlterConfigsResult> results =
        calls
            .change(
                AdminServiceGrpc.getAlterConfigsMethod(),
                ConfigMapping.toWire(asked, validateOnly),
                answer ->
                    common(
                        answer.getResultsList().stream()
                            .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())))
            .getResultsList();
    checkCount(asked.size(), results.size());
    return IntStream.range(0, asked.size())
        .mapToObj(i -> ConfigMapping.altered(asked.get(i).scope(), results.get(i)))
        .toList();
  }

  @Override
  public List<Outcome<GroupListing>> listGroups() {
    return groups.list();
  }

  @Override
  public List<Outcome<GroupDescription>> describeGroups(
      Collection<String> groupIds, Duration stuckAfter) {
    return groups.describe(groupIds, stuckAfter);
  }

  @Override
  public List<Outcome<String>> deleteGroups(Collection<String> groupIds, boolean validateOnly) {
    return groups.delete(groupIds, validateOnly);
  }

  @Override
  public List<Outcome<Long>> alterGroupOffsets(
      String groupId, Map<TopicPartition, Long> offsets, boolean validateOnly) {
    return groups.alterOffsets(groupId, offsets, validateOnly);
  }

  private static TopicRef.Builder named(String name) {
    return TopicRef.newBuilder().setName(name);
  }

  /** The error of the first item if every item has one and none may have been carried out. */
  static @Nullable JangadaException common(Stream<Optional<Error>> items) {
    List<Optional<Error>> all = items.toList();
    boolean none = all.stream().allMatch(e -> e.isPresent() && e.get().getDefinite());
    return all.isEmpty() || !none ? null : WireErrors.fromWire(all.get(0).orElseThrow());
  }

  static void checkCount(int asked, int answered) {
    if (asked != answered) {
      throw new JangadaException(
          ErrorCode.INTERNAL,
          "expected " + asked + " results, but the broker sent " + answered,
          "look at the topics to see what was done");
    }
  }
}
