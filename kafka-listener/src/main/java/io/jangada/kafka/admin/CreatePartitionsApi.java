// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.command.ControllerRequest.PartitionCount;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** CreatePartitions: each topic on its own; one that is named twice not at all. */
final class CreatePartitionsApi implements KafkaApi<CreatePartitionsRequestData> {
  private final ClusterMetadata metadata;
  private final TopicAdmin topics;

  CreatePartitionsApi(ClusterMetadata metadata, TopicAdmin topics) {
    this.metadata = metadata;
    this.topics = topics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CREATE_PARTITIONS;
  }

  @Override
  public CompletableFuture<CreatePartitionsResponseData> handle(
      CreatePartitionsRequestData request, RequestContext context) {
    Set<String> repeated = Mentions.repeated(request.topics(), CreatePartitionsTopic::name);
    MetadataImage image = metadata.image();
    CreatePartitionsResponseData response = new CreatePartitionsResponseData();
    repeated.forEach(
        name -> response.results().add(result(name, AdminErrors.invalid("Duplicate topic name."))));
    Map<UUID, PartitionCount> wanted = new LinkedHashMap<>();
    Map<UUID, String> names = new HashMap<>();
    for (CreatePartitionsTopic topic : request.topics()) {
      if (!repeated.contains(topic.name())) {
        TopicImage present = image.topic(topic.name());
        if (present == null) {
          response
              .results()
              .add(result(topic.name(), new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, null)));
        } else {
          names.put(present.id(), present.name());
          wanted.put(present.id(), count(present, topic));
        }
      }
    }
    if (wanted.isEmpty()) {
      return CompletableFuture.completedFuture(response);
    }
    return Patience.with(
            topics.addPartitions(List.copyOf(wanted.values()), request.validateOnly()),
            request.timeoutMs())
        .thenApply(
            added -> {
              added
                  .results()
                  .forEach(
                      each ->
                          response
                              .results()
                              .add(
                                  result(
                                      names.get(each.topicId()), AdminErrors.of(each.refusal()))));
              return response;
            });
  }

  private static PartitionCount count(TopicImage topic, CreatePartitionsTopic wanted) {
    return new PartitionCount(
        topic.id(),
        wanted.count(),
        wanted.assignments() == null
            ? null
            : wanted.assignments().stream().map(each -> List.copyOf(each.brokerIds())).toList());
  }

  private static CreatePartitionsTopicResult result(String name, ApiError error) {
    return new CreatePartitionsTopicResult()
        .setName(name)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
