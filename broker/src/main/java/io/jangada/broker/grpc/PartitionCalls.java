// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.CreatePartitionsRequest;
import io.jangada.api.v1.CreatePartitionsResponse;
import io.jangada.api.v1.CreatePartitionsResult;
import io.jangada.api.v1.ElectPreferredLeadersRequest;
import io.jangada.api.v1.ElectPreferredLeadersResponse;
import io.jangada.api.v1.NewPartitions;
import io.jangada.api.v1.PartitionRef;
import io.jangada.api.v1.PreferredElection;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.metadata.command.ControllerAnswer.AddPartitionsResult;
import io.jangada.metadata.command.ControllerAnswer.PreferredElectionResult;
import io.jangada.metadata.command.ControllerRequest.PartitionCount;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The calls about partitions: more of them, and who leads them. Thread-safe. */
final class PartitionCalls {
  private final ClusterMetadata metadata;
  private final TopicAdmin topics;

  PartitionCalls(ClusterMetadata metadata, TopicAdmin topics) {
    this.metadata = metadata;
    this.topics = topics;
  }

  CompletableFuture<CreatePartitionsResponse> create(CreatePartitionsRequest request) {
    MetadataImage image = metadata.image();
    ResolvedItems<NewPartitions, PartitionCount> items =
        ResolvedItems.of(
            request.getTopicsList(),
            asked ->
                new PartitionCount(
                    TopicLookup.topic(image, WireRefs.topic(asked.getTopic())).id(),
                    asked.getTotal()));
    return topics
        .addPartitions(items.known(), request.getValidateOnly())
        .thenApply(
            added ->
                CreatePartitionsResponse.newBuilder()
                    .addAllResults(
                        items.results(
                            added.results(), PartitionCalls::created, PartitionCalls::notCreated))
                    .build());
  }

  private static CreatePartitionsResult created(NewPartitions asked, AddPartitionsResult result) {
    if (result.refusal() != null) {
      return notCreated(asked, result.refusal().toException());
    }
    return CreatePartitionsResult.newBuilder()
        .setTopic(asked.getTopic())
        .setTotalBefore(result.before())
        .setTotal(result.partitions())
        .build();
  }

  private static CreatePartitionsResult notCreated(NewPartitions asked, JangadaException why) {
    return CreatePartitionsResult.newBuilder()
        .setTopic(asked.getTopic())
        .setError(Failures.toError(why))
        .build();
  }

  CompletableFuture<ElectPreferredLeadersResponse> electPreferred(
      ElectPreferredLeadersRequest request) {
    MetadataImage image = metadata.image();
    List<PartitionRef> asked =
        request.getPartitionsCount() == 0 ? all(image) : request.getPartitionsList();
    ResolvedItems<PartitionRef, TopicIdPartition> items =
        ResolvedItems.of(
            asked,
            ref ->
                TopicLookup.partition(
                    image, WireRefs.partition(ref.getTopic(), ref.getPartition())));
    return topics
        .electPreferred(items.known(), request.getValidateOnly())
        .thenApply(
            results ->
                ElectPreferredLeadersResponse.newBuilder()
                    .addAllElections(
                        items.results(results, PartitionCalls::elected, PartitionCalls::notElected))
                    .build());
  }

  private static List<PartitionRef> all(MetadataImage image) {
    List<PartitionRef> all = new ArrayList<>();
    image.topics().values().stream()
        .sorted(Comparator.comparing(TopicImage::name))
        .forEach(
            topic -> {
              TopicRef ref =
                  TopicRef.newBuilder()
                      .setName(topic.name())
                      .setId(Uuids.toBytes(topic.id()))
                      .build();
              for (Integer partition : topic.partitions().keySet()) {
                all.add(PartitionRef.newBuilder().setTopic(ref).setPartition(partition).build());
              }
            });
    return all;
  }

  private static PreferredElection elected(PartitionRef asked, PreferredElectionResult result) {
    PreferredElection.Builder election =
        PreferredElection.newBuilder()
            .setPartition(asked)
            .setLeaderBeforeId(result.leaderBefore())
            .setLeaderId(result.leader());
    if (result.refusal() != null) {
      election.setError(Failures.toError(result.refusal().toException()));
    }
    return election.build();
  }

  private static PreferredElection notElected(PartitionRef asked, JangadaException why) {
    return PreferredElection.newBuilder()
        .setPartition(asked)
        .setLeaderBeforeId(PartitionRegistration.NO_LEADER)
        .setLeaderId(PartitionRegistration.NO_LEADER)
        .setError(Failures.toError(why))
        .build();
  }
}
