// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.command.ControllerRequest.NewTopic;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who leads what, and where. */
final class MetadataApi implements KafkaApi<MetadataRequestData> {
  private static final Logger log = LoggerFactory.getLogger(MetadataApi.class);
  private static final short FIRST_WITH_IDS = 10;
  private static final short FIRST_BY_ID = 12;

  /** As many partitions and replicas as the cluster's settings say. */
  private static final int NOT_SAID = 0;

  private final int brokerId;
  private final ClusterMetadata metadata;
  private final TopicAdmin topics;
  private final boolean autoCreate;

  MetadataApi(int brokerId, ClusterMetadata metadata, TopicAdmin topics, boolean autoCreate) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.topics = topics;
    this.autoCreate = autoCreate;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.METADATA;
  }

  @Override
  public CompletableFuture<? extends ApiMessage> handle(
      MetadataRequestData request, RequestContext context) {
    requireNamesOrIds(request, context.version());
    MetadataImage image = metadata.image();
    DescribedBrokers brokers = new DescribedBrokers(image, context.network());
    DescribedTopics described = new DescribedTopics(image, brokers, context.version());
    MetadataResponseData response =
        new MetadataResponseData()
            .setBrokers(brokers.forMetadata())
            .setClusterId(DescribedBrokers.clusterId(image))
            .setControllerId(brokers.anyAdministrator(brokerId))
            .setTopics(topics(request, context.version(), described, image));
    if (request.includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(AllowedOperations.ON_CLUSTER);
    }
    if (request.includeTopicAuthorizedOperations()) {
      response.topics().stream()
          .filter(topic -> topic.errorCode() == Errors.NONE.code())
          .forEach(topic -> topic.setTopicAuthorizedOperations(AllowedOperations.ON_TOPIC));
    }
    return CompletableFuture.completedFuture(response);
  }

  private static void requireNamesOrIds(MetadataRequestData request, short version) {
    if (request.topics() == null || version < FIRST_WITH_IDS) {
      return;
    }
    for (MetadataRequestTopic topic : request.topics()) {
      if (topic.name() == null
          && topic.topicId().equals(Uuid.ZERO_UUID)
          && version >= FIRST_BY_ID) {
        // As Kafka, which has no other word for it.
        throw Errors.UNKNOWN_SERVER_ERROR.exception();
      }
      if (topic.name() == null && version < FIRST_BY_ID) {
        throw new InvalidRequestException(
            "Topic names cannot be null in version " + version + " of the request.");
      }
      if (!topic.topicId().equals(Uuid.ZERO_UUID) && version < FIRST_BY_ID) {
        throw new InvalidRequestException(
            "Topic ids are not supported in version " + version + " of the request.");
      }
    }
  }

  private MetadataResponseTopicCollection topics(
      MetadataRequestData request, short version, DescribedTopics described, MetadataImage image) {
    MetadataResponseTopicCollection found = new MetadataResponseTopicCollection();
    List<MetadataRequestTopic> asked = request.topics();
    if (asked == null || (version == 0 && asked.isEmpty())) {
      image.topics().values().forEach(topic -> found.add(described.topic(topic)));
      return found;
    }
    if (asked.stream().anyMatch(topic -> !topic.topicId().equals(Uuid.ZERO_UUID))) {
      for (MetadataRequestTopic topic : asked) {
        found.mustAdd(byId(topic.topicId(), described, image));
      }
      return found;
    }
    Set<String> names = new LinkedHashSet<>();
    asked.forEach(topic -> names.add(topic.name()));
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      TopicImage topic = image.topic(name);
      if (topic == null) {
        missing.add(name);
        found.add(unknown(name));
      } else {
        found.add(described.topic(topic));
      }
    }
    if (autoCreate && request.allowAutoTopicCreation()) {
      create(missing);
    }
    return found;
  }

  private static MetadataResponseTopic byId(
      Uuid id, DescribedTopics described, MetadataImage image) {
    UUID ours = KafkaIds.fromKafka(id);
    @Nullable TopicImage topic = ours == null ? null : image.topic(ours);
    return topic != null
        ? described.topic(topic)
        : new MetadataResponseTopic()
            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
            .setName(null)
            .setTopicId(id);
  }

  private static MetadataResponseTopic unknown(String name) {
    Errors error = Errors.UNKNOWN_TOPIC_OR_PARTITION;
    try {
      Topic.validate(name);
    } catch (InvalidTopicException e) {
      error = Errors.INVALID_TOPIC_EXCEPTION;
    }
    return new MetadataResponseTopic()
        .setErrorCode(error.code())
        .setName(name)
        .setIsInternal(Topic.isInternal(name));
  }

  /** The client asks again until the topics are there. */
  private void create(List<String> names) {
    List<NewTopic> wanted =
        names.stream()
            .filter(name -> Topic.isValid(name) && !Topic.isInternal(name))
            .map(name -> new NewTopic(name, NOT_SAID, NOT_SAID, Map.of()))
            .toList();
    if (wanted.isEmpty()) {
      return;
    }
    var unused =
        topics
            .create(wanted, false)
            .whenComplete(
                (created, failure) -> {
                  if (failure != null) {
                    log.warn("Could not create {} for a client: {}", names, failure.toString());
                  }
                });
  }
}
