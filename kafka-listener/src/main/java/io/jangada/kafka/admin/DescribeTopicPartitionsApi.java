// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.data.AllowedOperations;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeTopicPartitions (KIP-966): topics by name, so many partitions at a time; the cursor says
 * where the next request goes on.
 */
final class DescribeTopicPartitionsApi implements KafkaApi<DescribeTopicPartitionsRequestData> {
  /** Of one response, as Kafka's {@code max.request.partition.size.limit}. */
  static final int MAX_PARTITIONS = 2000;

  private final ClusterMetadata metadata;

  DescribeTopicPartitionsApi(ClusterMetadata metadata) {
    this.metadata = metadata;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
  }

  @Override
  public CompletableFuture<DescribeTopicPartitionsResponseData> handle(
      DescribeTopicPartitionsRequestData request, RequestContext context) {
    MetadataImage image = metadata.image();
    boolean all = request.topics().isEmpty();
    NavigableSet<String> names = names(request, image);
    DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
    int left = Math.clamp(request.responsePartitionLimit(), 1, MAX_PARTITIONS);
    for (String name : names) {
      if (left == 0) {
        response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
        break;
      }
      TopicImage topic = image.topic(name);
      if (topic == null) {
        if (!all) {
          response.topics().add(unknown(name));
        }
        continue;
      }
      int from =
          request.cursor() != null && request.cursor().topicName().equals(name)
              ? request.cursor().partitionIndex()
              : 0;
      DescribeTopicPartitionsResponseTopic described = describe(image, topic, from, left);
      response.topics().add(described);
      left -= described.partitions().size();
      int next = from + described.partitions().size();
      if (next < topic.partitions().size()) {
        response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(next));
        break;
      }
    }
    return CompletableFuture.completedFuture(response);
  }

  /** What is asked for and not described yet, in the order of the names. */
  private static NavigableSet<String> names(
      DescribeTopicPartitionsRequestData request, MetadataImage image) {
    NavigableSet<String> names = new TreeSet<>();
    if (request.topics().isEmpty()) {
      image.topics().values().forEach(topic -> names.add(topic.name()));
    } else {
      request.topics().forEach(topic -> names.add(topic.name()));
    }
    if (request.cursor() == null) {
      return names;
    }
    String first = request.cursor().topicName();
    if (!request.topics().isEmpty() && !names.contains(first)) {
      throw new InvalidRequestException(
          "expected the topic of the cursor among those that are asked for, but "
              + first
              + " is not");
    }
    if (request.cursor().partitionIndex() < 0) {
      throw new InvalidRequestException(
          "expected the cursor to be at a partition, but it is at "
              + request.cursor().partitionIndex());
    }
    return names.tailSet(first, true);
  }

  private static DescribeTopicPartitionsResponseTopic unknown(String name) {
    Errors error;
    try {
      Topic.validate(name);
      error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
    } catch (InvalidTopicException invalid) {
      error = Errors.INVALID_TOPIC_EXCEPTION;
    }
    return new DescribeTopicPartitionsResponseTopic()
        .setName(name)
        .setTopicId(Uuid.ZERO_UUID)
        .setIsInternal(Topic.isInternal(name))
        .setErrorCode(error.code())
        .setTopicAuthorizedOperations(AllowedOperations.ON_TOPIC);
  }

  private static DescribeTopicPartitionsResponseTopic describe(
      MetadataImage image, TopicImage topic, int from, int limit) {
    DescribeTopicPartitionsResponseTopic described =
        new DescribeTopicPartitionsResponseTopic()
            .setName(topic.name())
            .setTopicId(KafkaIds.toKafka(topic.id()))
            .setIsInternal(Topic.isInternal(topic.name()))
            .setErrorCode(Errors.NONE.code())
            .setTopicAuthorizedOperations(AllowedOperations.ON_TOPIC);
    for (Map.Entry<Integer, PartitionRegistration> partition : topic.partitions().entrySet()) {
      if (partition.getKey() >= from && described.partitions().size() < limit) {
        described.partitions().add(describe(image, partition.getKey(), partition.getValue()));
      }
    }
    return described;
  }

  private static DescribeTopicPartitionsResponsePartition describe(
      MetadataImage image, int number, PartitionRegistration partition) {
    return new DescribeTopicPartitionsResponsePartition()
        .setPartitionIndex(number)
        .setErrorCode((partition.hasLeader() ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
        .setLeaderId(partition.leader())
        .setLeaderEpoch(partition.leaderEpoch())
        .setReplicaNodes(partition.replicas())
        .setIsrNodes(partition.isr())
        .setEligibleLeaderReplicas(partition.elr())
        .setLastKnownElr(partition.lastKnownElr())
        .setOfflineReplicas(
            partition.replicas().stream().filter(broker -> isOffline(image, broker)).toList());
  }

  private static boolean isOffline(MetadataImage image, int brokerId) {
    BrokerRegistration broker = image.broker(brokerId);
    return broker == null || !broker.inService();
  }
}
