// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.kafka.admin.ConfigAlteration.Wanted;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.config.ConfigChanges;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/** AlterConfigs, the older way: what is not mentioned goes back to its default. */
final class AlterConfigsApi implements KafkaApi<AlterConfigsRequestData> {
  private final ConfigAlteration alteration;

  AlterConfigsApi(ConfigAlteration alteration) {
    this.alteration = alteration;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_CONFIGS;
  }

  @Override
  public CompletableFuture<AlterConfigsResponseData> handle(
      AlterConfigsRequestData request, RequestContext context) {
    return alteration
        .alter(
            request.resources().stream().map(AlterConfigsApi::wanted).toList(),
            request.validateOnly(),
            (type, name, errorCode, errorMessage) ->
                new AlterConfigsResourceResponse()
                    .setResourceType(type)
                    .setResourceName(name)
                    .setErrorCode(errorCode)
                    .setErrorMessage(errorMessage))
        .thenApply(new AlterConfigsResponseData()::setResponses);
  }

  private static Wanted wanted(AlterConfigsResource resource) {
    return new Wanted(
        resource.resourceType(),
        resource.resourceName(),
        resource.configs().stream().map(AlterableConfig::name).toList(),
        resource.configs().stream()
            .filter(config -> config.value() == null)
            .map(AlterableConfig::name)
            .toList(),
        topic -> ConfigChanges.ofTopic(topic, configs(resource)),
        (image, brokerId) -> ConfigChanges.ofBroker(image, brokerId, configs(resource)),
        () -> {
          throw new InvalidRequestException(
              "expected a topic or a broker, but loggers are changed by IncrementalAlterConfigs");
        });
  }

  private static Map<String, String> configs(AlterConfigsResource resource) {
    Map<String, String> configs = new TreeMap<>();
    resource.configs().forEach(config -> configs.put(config.name(), config.value()));
    return configs;
  }
}
