// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.PartitionRef;
import io.jangada.broker.service.ProducerDescriptions;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** DescribeProducers (KIP-664): who has written to the partitions that are here. */
final class DescribeProducersApi implements KafkaApi<DescribeProducersRequestData> {
  /** Of a producer that has no transaction. */
  private static final int NONE = -1;

  private final ClusterMetadata metadata;
  private final ProducerDescriptions producers;

  DescribeProducersApi(ClusterMetadata metadata, ProducerDescriptions producers) {
    this.metadata = metadata;
    this.producers = producers;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_PRODUCERS;
  }

  @Override
  public CompletableFuture<DescribeProducersResponseData> handle(
      DescribeProducersRequestData request, RequestContext context) {
    MetadataImage image = metadata.image();
    DescribeProducersResponseData response = new DescribeProducersResponseData();
    List<CompletableFuture<?>> asked = new ArrayList<>();
    for (TopicRequest topic : request.topics()) {
      TopicResponse described = new TopicResponse().setName(topic.name());
      response.topics().add(described);
      for (int partition : topic.partitionIndexes()) {
        PartitionResponse answer = new PartitionResponse().setPartitionIndex(partition);
        described.partitions().add(answer);
        ApiError error = check(image, topic.name(), partition);
        if (error.isFailure()) {
          failed(answer, error);
        } else {
          asked.add(
              producers
                  .describe(new PartitionRef(topic.name(), null, partition))
                  .handle(
                      (found, failure) ->
                          failure == null
                              ? answer.setActiveProducers(
                                  found.stream().map(DescribeProducersApi::toWire).toList())
                              : failed(answer, AdminErrors.of(failure))));
        }
      }
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> response);
  }

  private static ApiError check(MetadataImage image, String name, int partition) {
    try {
      Topic.validate(name);
    } catch (InvalidTopicException invalid) {
      return AdminErrors.of(invalid);
    }
    TopicImage topic = image.topic(name);
    return topic != null && topic.partitions().containsKey(partition)
        ? ApiError.NONE
        : new ApiError(
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            topic == null ? "expected a topic, but there is none named so" : null);
  }

  private static PartitionResponse failed(PartitionResponse answer, ApiError error) {
    return answer.setErrorCode(error.error().code()).setErrorMessage(error.message());
  }

  private static ProducerState toWire(ProducerDescriptions.Producer producer) {
    return new ProducerState()
        .setProducerId(producer.producerId())
        .setProducerEpoch(producer.producerEpoch())
        .setLastSequence(producer.lastSequence())
        .setLastTimestamp(producer.lastTimestampMs())
        .setCoordinatorEpoch(NONE)
        .setCurrentTxnStartOffset(NONE);
  }
}
