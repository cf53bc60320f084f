// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.settings.Loggers;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.config.ConfigDescriptions;
import io.jangada.kafka.config.DescribedConfig;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** DescribeConfigs: of topics, of this broker, and what is set for all brokers. */
final class DescribeConfigsApi implements KafkaApi<DescribeConfigsRequestData> {
  private final ClusterMetadata metadata;
  private final ConfigDescriptions configs;
  private final ConfigResources resources;

  DescribeConfigsApi(int brokerId, ClusterMetadata metadata, ConfigDescriptions configs) {
    this.metadata = metadata;
    this.configs = configs;
    this.resources = new ConfigResources(brokerId);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public CompletableFuture<DescribeConfigsResponseData> handle(
      DescribeConfigsRequestData request, RequestContext context) {
    DescribeConfigsResponseData response = new DescribeConfigsResponseData();
    for (DescribeConfigsResource resource : request.resources()) {
      response.results().add(describe(request, resource));
    }
    return CompletableFuture.completedFuture(response);
  }

  private DescribeConfigsResult describe(
      DescribeConfigsRequestData request, DescribeConfigsResource resource) {
    DescribeConfigsResult result =
        new DescribeConfigsResult()
            .setResourceType(resource.resourceType())
            .setResourceName(resource.resourceName());
    try {
      List<String> wanted = resource.configurationKeys();
      configs(resource).stream()
          .filter(config -> wanted == null || wanted.isEmpty() || wanted.contains(config.name()))
          .forEach(config -> result.configs().add(entry(request, config)));
      return result.setErrorCode(Errors.NONE.code()).setErrorMessage("");
    } catch (ApiException refused) {
      ApiError error = AdminErrors.of(refused);
      return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
    }
  }

  private List<DescribedConfig> configs(DescribeConfigsResource resource) {
    MetadataImage image = metadata.image();
    String name = resource.resourceName();
    return switch (ConfigResource.Type.forId(resource.resourceType())) {
      case TOPIC -> configs.topic(image, topic(image, name));
      case BROKER ->
          resources.isCluster(name)
              ? configs.cluster(image)
              : resources.ofThisBroker(name, () -> configs.broker(image));
      case BROKER_LOGGER -> {
        resources.checkLoggersOfThisBroker(name);
        yield loggers();
      }
      case GROUP, CLIENT_METRICS, UNKNOWN -> throw resources.unsupported(resource.resourceType());
    };
  }

  private static List<DescribedConfig> loggers() {
    return Loggers.levels().entrySet().stream()
        .map(
            logger ->
                new DescribedConfig(
                    logger.getKey(),
                    new DescribedConfig.Value(
                        logger.getKey(),
                        logger.getValue(),
                        ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG),
                    List.of(),
                    false,
                    ConfigType.UNKNOWN,
                    ""))
        .toList();
  }

  private static TopicImage topic(MetadataImage image, String name) {
    Topic.validate(name);
    TopicImage topic = image.topic(name);
    if (topic == null) {
      throw new UnknownTopicOrPartitionException("");
    }
    return topic;
  }

  private static DescribeConfigsResourceResult entry(
      DescribeConfigsRequestData request, DescribedConfig config) {
    DescribeConfigsResourceResult entry =
        new DescribeConfigsResourceResult()
            .setName(config.name())
            .setValue(config.inForce().text())
            .setConfigSource(config.inForce().source().id())
            .setIsSensitive(false)
            .setReadOnly(config.readOnly())
            .setConfigType(config.type().id());
    if (request.includeSynonyms()) {
      config
          .synonyms()
          .forEach(
              value ->
                  entry
                      .synonyms()
                      .add(
                          new DescribeConfigsSynonym()
                              .setName(value.name())
                              .setValue(value.text())
                              .setSource(value.source().id())));
    }
    // Of loggers there is none, and Kafka says so whether it is asked or not.
    return entry.setDocumentation(
        request.includeDocumentation() || config.documentation().isEmpty()
            ? config.documentation()
            : null);
  }
}
