// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteResponse;

/** OffsetDelete: the coordinator is asked only for partitions that exist. */
final class OffsetDeleteApi implements KafkaApi<OffsetDeleteRequestData> {
  private final ClusterMetadata metadata;
  private final KafkaGroups groups;

  OffsetDeleteApi(ClusterMetadata metadata, KafkaGroups groups) {
    this.metadata = metadata;
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_DELETE;
  }

  @Override
  public CompletableFuture<OffsetDeleteResponseData> handle(
      OffsetDeleteRequestData request, RequestContext context) {
    MetadataImage image = metadata.image();
    OffsetDeleteResponse.Builder response = new OffsetDeleteResponse.Builder();
    OffsetDeleteRequestTopicCollection existing = new OffsetDeleteRequestTopicCollection();
    for (OffsetDeleteRequestTopic topic : request.topics()) {
      TopicImage known = image.topic(topic.name());
      OffsetDeleteRequestTopic wanted = new OffsetDeleteRequestTopic().setName(topic.name());
      for (OffsetDeleteRequestPartition partition : topic.partitions()) {
        if (known != null && known.partitions().containsKey(partition.partitionIndex())) {
          wanted
              .partitions()
              .add(
                  new OffsetDeleteRequestPartition().setPartitionIndex(partition.partitionIndex()));
        } else {
          response.addPartition(
              topic.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
      if (!wanted.partitions().isEmpty()) {
        existing.add(wanted);
      }
    }
    if (existing.isEmpty()) {
      return CompletableFuture.completedFuture(response.build().data());
    }
    return groups
        .deleteOffsets(
            Clients.of(key(), context),
            new OffsetDeleteRequestData().setGroupId(request.groupId()).setTopics(existing))
        .thenApply(deleted -> response.merge(deleted).build().data());
  }
}
