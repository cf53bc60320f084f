// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.RecordDeletion;
import io.jangada.common.TopicIdPartition;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * DeleteRecords (KIP-107): of partitions that this broker leads. Clients know the leaders, and are
 * told where they are wrong.
 */
final class DeleteRecordsApi implements KafkaApi<DeleteRecordsRequestData> {
  private static final long NO_OFFSET = -1;

  private final int brokerId;
  private final ClusterMetadata metadata;
  private final RecordDeletion deletion;

  DeleteRecordsApi(int brokerId, ClusterMetadata metadata, RecordDeletion deletion) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.deletion = deletion;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DELETE_RECORDS;
  }

  @Override
  public CompletableFuture<DeleteRecordsResponseData> handle(
      DeleteRecordsRequestData request, RequestContext context) {
    MetadataImage image = metadata.image();
    DeleteRecordsResponseData response = new DeleteRecordsResponseData();
    Map<TopicIdPartition, Long> before = new HashMap<>();
    Map<TopicIdPartition, DeleteRecordsPartitionResult> open = new HashMap<>();
    for (DeleteRecordsTopic topic : request.topics()) {
      DeleteRecordsTopicResult results = new DeleteRecordsTopicResult().setName(topic.name());
      response.topics().add(results);
      TopicImage present = image.topic(topic.name());
      for (DeleteRecordsPartition partition : topic.partitions()) {
        DeleteRecordsPartitionResult result =
            new DeleteRecordsPartitionResult()
                .setPartitionIndex(partition.partitionIndex())
                .setLowWatermark(NO_OFFSET);
        results.partitions().add(result);
        Errors error = check(topic.name(), present, partition.partitionIndex());
        if (error != Errors.NONE || present == null) {
          result.setErrorCode(error.code());
        } else {
          TopicIdPartition id = present.partitionId(partition.partitionIndex());
          before.put(id, partition.offset());
          open.put(id, result);
        }
      }
    }
    if (before.isEmpty()) {
      return CompletableFuture.completedFuture(response);
    }
    return Patience.with(deletion.delete(before), request.timeoutMs())
        .thenApply(
            answers -> {
              answers.forEach((id, answer) -> complete(open.get(id), answer));
              return response;
            });
  }

  private Errors check(String name, @Nullable TopicImage topic, int partition) {
    PartitionRegistration registration = topic == null ? null : topic.partitions().get(partition);
    if (registration == null) {
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (Topic.isInternal(name)) {
      return Errors.INVALID_TOPIC_EXCEPTION;
    }
    return registration.leader() == brokerId ? Errors.NONE : Errors.NOT_LEADER_OR_FOLLOWER;
  }

  private static void complete(DeleteRecordsPartitionResult result, RecordDeletion.Answer answer) {
    switch (answer) {
      case RecordDeletion.Deleted(long logStartOffset) ->
          result.setLowWatermark(logStartOffset).setErrorCode(Errors.NONE.code());
      case RecordDeletion.Failed failed -> result.setErrorCode(KafkaErrors.of(failed.why()).code());
    }
  }
}
