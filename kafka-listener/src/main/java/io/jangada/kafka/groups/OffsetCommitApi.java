// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/**
 * OffsetCommit: answered when the offsets are committed in the log of the group. What does not
 * exist is refused here, partition by partition; the coordinator knows nothing but names.
 */
final class OffsetCommitApi implements KafkaApi<OffsetCommitRequestData> {
  private final ClusterMetadata metadata;
  private final KafkaGroups groups;

  OffsetCommitApi(ClusterMetadata metadata, KafkaGroups groups) {
    this.metadata = metadata;
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_COMMIT;
  }

  @Override
  public CompletableFuture<OffsetCommitResponseData> handle(
      OffsetCommitRequestData request, RequestContext context) {
    boolean byId = OffsetCommitResponse.useTopicIds(context.version());
    MetadataImage image = metadata.image();
    OffsetCommitResponse.Builder response = OffsetCommitResponse.newBuilder(byId);
    List<OffsetCommitRequestTopic> existing = new ArrayList<>();
    for (OffsetCommitRequestTopic topic : request.topics()) {
      OffsetCommitRequestTopic known =
          existing(
              topic, NamedTopics.find(image, byId, topic.topicId(), topic.name()), response, byId);
      if (!known.partitions().isEmpty()) {
        existing.add(known);
      }
    }
    if (existing.isEmpty()) {
      return CompletableFuture.completedFuture(response.build().data());
    }
    return groups
        .commitOffsets(
            Clients.of(key(), context),
            new OffsetCommitRequestData()
                .setGroupId(request.groupId())
                .setMemberId(request.memberId())
                .setGenerationIdOrMemberEpoch(request.generationIdOrMemberEpoch())
                .setRetentionTimeMs(request.retentionTimeMs())
                .setGroupInstanceId(request.groupInstanceId())
                .setTopics(existing))
        .thenApply(committed -> response.merge(committed).build().data());
  }

  private static OffsetCommitRequestTopic existing(
      OffsetCommitRequestTopic topic,
      @org.jspecify.annotations.Nullable TopicImage known,
      OffsetCommitResponse.Builder response,
      boolean byId) {
    String name = known != null ? known.name() : topic.name();
    OffsetCommitRequestTopic existing =
        new OffsetCommitRequestTopic().setTopicId(topic.topicId()).setName(name);
    Errors unknown =
        known == null && byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    for (OffsetCommitRequestPartition partition : topic.partitions()) {
      if (known != null && known.partitions().containsKey(partition.partitionIndex())) {
        existing.partitions().add(partition);
      } else {
        response.addPartition(topic.topicId(), name, partition.partitionIndex(), unknown);
      }
    }
    return existing;
  }
}
