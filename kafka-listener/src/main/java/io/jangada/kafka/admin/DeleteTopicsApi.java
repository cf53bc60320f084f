// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** DeleteTopics: by name or, from version 6 on, by id; each topic on its own. */
final class DeleteTopicsApi implements KafkaApi<DeleteTopicsRequestData> {
  private final ClusterMetadata metadata;
  private final TopicAdmin topics;

  DeleteTopicsApi(ClusterMetadata metadata, TopicAdmin topics) {
    this.metadata = metadata;
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DELETE_TOPICS;
  }

  @Override
  public CompletableFuture<DeleteTopicsResponseData> handle(
      DeleteTopicsRequestData request, RequestContext context) {
    DeleteTopicsResponseData response = new DeleteTopicsResponseData();
    Map<UUID, String> found = find(request, response);
    if (found.isEmpty()) {
      return CompletableFuture.completedFuture(response);
    }
    return Patience.with(topics.delete(List.copyOf(found.keySet()), false), request.timeoutMs())
        .thenApply(
            deleted -> {
              deleted
                  .results()
                  .forEach(
                      result ->
                          add(
                              response,
                              found.get(result.topicId()),
                              KafkaIds.toKafka(result.topicId()),
                              AdminErrors.of(result.refusal())));
              return response;
            });
  }

  /** The topics that can be asked for; the others get their answers. */
  private Map<UUID, String> find(
      DeleteTopicsRequestData request, DeleteTopicsResponseData response) {
    List<String> names = new ArrayList<>(request.topicNames());
    List<Uuid> ids = new ArrayList<>();
    for (DeleteTopicState topic : request.topics()) {
      boolean withId = !topic.topicId().equals(Uuid.ZERO_UUID);
      if (topic.name() == null && !withId) {
        add(
            response,
            null,
            Uuid.ZERO_UUID,
            AdminErrors.invalid("Neither topic name nor id were specified."));
      } else if (topic.name() == null) {
        ids.add(topic.topicId());
      } else if (withId) {
        add(
            response,
            topic.name(),
            topic.topicId(),
            AdminErrors.invalid("You may not specify both topic name and topic id."));
      } else {
        names.add(topic.name());
      }
    }
    MetadataImage image = metadata.image();
    Map<UUID, String> found = new LinkedHashMap<>();
    Set<Uuid> repeatedIds = Mentions.repeated(ids, id -> id);
    repeatedIds.forEach(id -> add(response, null, id, AdminErrors.invalid("Duplicate topic id.")));
    for (Uuid id : ids) {
      if (!repeatedIds.contains(id)) {
        TopicImage topic = image.topic(KafkaIds.fromKafka(id));
        if (topic == null) {
          add(
              response,
              null,
              id,
              new ApiError(Errors.UNKNOWN_TOPIC_ID, "This server does not host this topic ID."));
        } else {
          found.put(topic.id(), topic.name());
        }
      }
    }
    Set<String> repeatedNames = Mentions.repeated(names, name -> name);
    repeatedNames.forEach(
        name -> add(response, name, Uuid.ZERO_UUID, AdminErrors.invalid("Duplicate topic name.")));
    names.removeAll(repeatedNames);
    findNamed(image, names, repeatedIds, found, response);
    return found;
  }

  private static void findNamed(
      MetadataImage image,
      List<String> names,
      Set<Uuid> repeatedIds,
      Map<UUID, String> found,
      DeleteTopicsResponseData response) {
    for (String name : names) {
      TopicImage topic = image.topic(name);
      if (topic == null) {
        add(
            response,
            name,
            Uuid.ZERO_UUID,
            new ApiError(
                Errors.UNKNOWN_TOPIC_OR_PARTITION, "expected a topic, but there is none named so"));
      } else if (repeatedIds.contains(KafkaIds.toKafka(topic.id()))
          || found.putIfAbsent(topic.id(), name) != null) {
        found.remove(topic.id());
        add(
            response,
            name,
            KafkaIds.toKafka(topic.id()),
            AdminErrors.invalid(
                "The provided topic name maps to an ID that was already supplied."));
      }
    }
  }

  private static void add(
      DeleteTopicsResponseData response, @Nullable String name, Uuid id, ApiError error) {
    response
        .responses()
        .add(
            new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message()));
  }
}
