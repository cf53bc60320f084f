// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.groups.GroupClient;
import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/** OffsetFetch: what groups have committed, of some topics or of all. */
final class OffsetFetchApi implements KafkaApi<OffsetFetchRequestData> {
  /** From here on several groups in one request (KIP-709). */
  private static final short FIRST_WITH_GROUPS = 8;

  private static final long NO_OFFSET = -1;

  private final ClusterMetadata metadata;
  private final KafkaGroups groups;

  OffsetFetchApi(ClusterMetadata metadata, KafkaGroups groups) {
    this.metadata = metadata;
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_FETCH;
  }

  @Override
  public CompletableFuture<OffsetFetchResponseData> handle(
      OffsetFetchRequestData request, RequestContext context) {
    short version = context.version();
    boolean byId = OffsetFetchRequest.useTopicIds(version);
    GroupClient client = Clients.of(key(), context);
    List<OffsetFetchRequestGroup> asked =
        version >= FIRST_WITH_GROUPS ? request.groups() : List.of(only(request));
    List<CompletableFuture<OffsetFetchResponseGroup>> found =
        asked.stream()
            .map(
                group ->
                    fetch(client, group, byId, request.requireStable())
                        .exceptionally(
                            failure ->
                                OffsetFetchResponse.groupError(
                                    group, KafkaErrors.of(failure), version)))
            .toList();
    return CompletableFuture.allOf(found.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all ->
                new OffsetFetchResponse.Builder(
                        found.stream().map(CompletableFuture::join).toList())
                    .build(version)
                    .data());
  }

  /** What the old versions ask for, as the new ones do. */
  private static OffsetFetchRequestGroup only(OffsetFetchRequestData request) {
    return new OffsetFetchRequestGroup()
        .setGroupId(request.groupId())
        .setTopics(
            request.topics() == null
                ? null
                : request.topics().stream()
                    .map(
                        topic ->
                            new OffsetFetchRequestTopics()
                                .setName(topic.name())
                                .setPartitionIndexes(topic.partitionIndexes()))
                    .toList());
  }

  private CompletableFuture<OffsetFetchResponseGroup> fetch(
      GroupClient client, OffsetFetchRequestGroup group, boolean byId, boolean requireStable) {
    if (group.topics() == null) {
      return groups
          .fetchOffsets(client, group, requireStable)
          .thenApply(all -> byId ? withIds(all) : all);
    }
    MetadataImage image = metadata.image();
    List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
    List<OffsetFetchRequestTopics> known = new ArrayList<>();
    for (OffsetFetchRequestTopics topic : group.topics()) {
      TopicImage named = NamedTopics.find(image, byId, topic.topicId(), topic.name());
      if (!byId) {
        known.add(topic);
      } else if (named == null) {
        unknown.add(unknown(topic));
      } else {
        known.add(
            new OffsetFetchRequestTopics()
                .setTopicId(topic.topicId())
                .setName(named.name())
                .setPartitionIndexes(topic.partitionIndexes()));
      }
    }
    return groups
        .fetchOffsets(
            client,
            new OffsetFetchRequestGroup()
                .setGroupId(group.groupId())
                .setMemberId(group.memberId())
                .setMemberEpoch(group.memberEpoch())
                .setTopics(known),
            requireStable)
        .thenApply(
            fetched -> {
              if (fetched.errorCode() == Errors.NONE.code() && !unknown.isEmpty()) {
                List<OffsetFetchResponseTopics> both = new ArrayList<>(fetched.topics());
                both.addAll(unknown);
                fetched.setTopics(both);
              }
              return fetched;
            });
  }

  /** Offsets of topics that are gone are not told: they would have no id. */
  private OffsetFetchResponseGroup withIds(OffsetFetchResponseGroup group) {
    MetadataImage image = metadata.image();
    List<OffsetFetchResponseTopics> present = new ArrayList<>();
    for (OffsetFetchResponseTopics topic : group.topics()) {
      TopicImage named = image.topic(topic.name());
      if (named != null) {
        present.add(topic.setTopicId(KafkaIds.toKafka(named.id())));
      }
    }
    return group.setTopics(present);
  }

  private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics topic) {
    return new OffsetFetchResponseTopics()
        .setTopicId(topic.topicId())
        .setName(topic.name())
        .setPartitions(
            topic.partitionIndexes().stream()
                .map(
                    partition ->
                        new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                            .setCommittedOffset(NO_OFFSET)
                            .setMetadata("")
                            .setCommittedLeaderEpoch(RecordBatch.NO_PARTITION_LEADER_EPOCH))
                .toList());
  }
}
