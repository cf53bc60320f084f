// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.config.ConfigDescriptions;
import io.jangada.kafka.config.DescribedConfig;
import io.jangada.kafka.config.TopicConfigNames;
import io.jangada.metadata.command.ControllerAnswer.CreateTopicResult;
import io.jangada.metadata.command.ControllerRequest.NewTopic;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** CreateTopics: each topic on its own; one that is named twice not at all. */
final class CreateTopicsApi implements KafkaApi<CreateTopicsRequestData> {
  /** In Kafka's requests: the default. */
  private static final int BY_DEFAULT = -1;

  /** In ours. */
  private static final int OUR_DEFAULT = 0;

  private final ClusterMetadata metadata;
  private final TopicAdmin topics;
  private final ConfigDescriptions configs;

  CreateTopicsApi(ClusterMetadata metadata, TopicAdmin topics, ConfigDescriptions configs) {
    this.metadata = metadata;
    this.topics = topics;
    this.configs = configs;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CREATE_TOPICS;
  }

  @Override
  public CompletableFuture<CreateTopicsResponseData> handle(
      CreateTopicsRequestData request, RequestContext context) {
    Set<String> repeated = Mentions.repeated(request.topics(), CreatableTopic::name);
    Map<String, ApiError> refused = new HashMap<>();
    List<CreatableTopic> mentionedOnce = new ArrayList<>();
    List<NewTopic> wanted = new ArrayList<>();
    for (CreatableTopic topic : request.topics()) {
      if (repeated.contains(topic.name())) {
        continue;
      }
      mentionedOnce.add(topic);
      ApiError error = check(topic);
      if (error.isFailure()) {
        refused.put(topic.name(), error);
      } else {
        wanted.add(newTopic(topic));
      }
    }
    return Patience.with(create(wanted, request.validateOnly()), request.timeoutMs())
        .thenApply(
            results -> {
              CreateTopicsResponseData response = new CreateTopicsResponseData();
              for (CreatableTopic topic : mentionedOnce) {
                ApiError error = refused.get(topic.name());
                response
                    .topics()
                    .add(
                        error != null
                            ? failed(topic.name(), error)
                            : result(topic, Objects.requireNonNull(results.get(topic.name()))));
              }
              repeated.forEach(
                  name ->
                      response
                          .topics()
                          .add(failed(name, AdminErrors.invalid("Duplicate topic name."))));
              return response;
            });
  }

  private CompletableFuture<Map<String, CreateTopicResult>> create(
      List<NewTopic> wanted, boolean validateOnly) {
    if (wanted.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    return topics
        .create(wanted, validateOnly)
        .thenApply(
            created -> {
              Map<String, CreateTopicResult> byName = new HashMap<>();
              created.results().forEach(result -> byName.put(result.name(), result));
              return byName;
            });
  }

  /** What does not make sense before anybody knows the cluster. */
  private static ApiError check(CreatableTopic topic) {
    if (topic.name().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
      return new ApiError(
          Errors.TOPIC_AUTHORIZATION_FAILED, "the metadata of the cluster is no topic of users");
    }
    List<String> nulls =
        topic.configs().stream()
            .filter(config -> config.value() == null)
            .map(CreatableTopicConfig::name)
            .toList();
    if (!nulls.isEmpty()) {
      return new ApiError(
          Errors.INVALID_CONFIG, "expected values, but got null for " + String.join(", ", nulls));
    }
    if (topic.assignments().isEmpty()) {
      return ApiError.NONE;
    }
    if (topic.replicationFactor() != BY_DEFAULT || topic.numPartitions() != BY_DEFAULT) {
      return AdminErrors.invalid(
          "expected replicas that are assigned by hand, or a number of partitions and replicas, but"
              + " got both");
    }
    Map<Integer, CreatableReplicaAssignment> byPartition = new TreeMap<>();
    for (CreatableReplicaAssignment assignment : topic.assignments()) {
      if (byPartition.put(assignment.partitionIndex(), assignment) != null) {
        return new ApiError(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "expected each partition once, but there are several assignments of partition "
                + assignment.partitionIndex());
      }
    }
    int next = 0;
    for (int partition : byPartition.keySet()) {
      if (partition != next++) {
        return new ApiError(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "expected partitions from 0 on without a gap, but got " + byPartition.keySet());
      }
    }
    return ApiError.NONE;
  }

  private static NewTopic newTopic(CreatableTopic topic) {
    Map<String, String> configs = new TreeMap<>();
    topic
        .configs()
        .forEach(
            config ->
                configs.put(config.name(), TopicConfigNames.text(config.name(), config.value())));
    Map<Integer, List<Integer>> assignments = new TreeMap<>();
    topic
        .assignments()
        .forEach(each -> assignments.put(each.partitionIndex(), List.copyOf(each.brokerIds())));
    return new NewTopic(
        topic.name(),
        count(topic.numPartitions()),
        count(topic.replicationFactor()),
        configs,
        List.copyOf(assignments.values()));
  }

  /** What Kafka takes for a mistake must not become our default. */
  private static int count(int kafkas) {
    return kafkas == BY_DEFAULT ? OUR_DEFAULT : kafkas == OUR_DEFAULT ? -1 : kafkas;
  }

  private CreatableTopicResult result(CreatableTopic topic, CreateTopicResult result) {
    if (result.refusal() != null) {
      return failed(topic.name(), AdminErrors.of(result.refusal()));
    }
    CreatableTopicResult done =
        new CreatableTopicResult()
            .setName(topic.name())
            // One that was only checked gets an id too, which nobody will ever have.
            .setTopicId(
                result.topicId() == null ? Uuid.randomUuid() : KafkaIds.toKafka(result.topicId()))
            .setErrorCode(Errors.NONE.code())
            .setErrorMessage(null)
            .setNumPartitions(result.partitions())
            .setReplicationFactor((short) result.replicationFactor());
    configs
        .topic(metadata.image(), created(topic, result.topicId()))
        .forEach(config -> done.configs().add(toWire(config)));
    return done;
  }

  /** The topic as it is; as it would be if it was only checked, or is gone again. */
  private TopicImage created(CreatableTopic topic, @Nullable UUID id) {
    MetadataImage image = metadata.image();
    TopicImage present = id == null ? null : image.topic(id);
    return present != null
        ? present
        : new TopicImage(topic.name(), new UUID(0, 0), newTopic(topic).configs(), TreePMap.empty());
  }

  private static CreatableTopicConfigs toWire(DescribedConfig config) {
    return new CreatableTopicConfigs()
        .setName(config.name())
        .setValue(config.inForce().text())
        .setReadOnly(config.readOnly())
        .setConfigSource(config.inForce().source().id())
        .setIsSensitive(false);
  }

  private static CreatableTopicResult failed(String name, ApiError error) {
    return new CreatableTopicResult()
        .setName(name)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
