// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.kafka.admin.ConfigAlteration.Wanted;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.config.ConfigChanges;
import io.jangada.kafka.config.ConfigOperation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;

/** IncrementalAlterConfigs (KIP-339): what is not mentioned stays. */
final class IncrementalAlterConfigsApi implements KafkaApi<IncrementalAlterConfigsRequestData> {
  private final ConfigAlteration alteration;

  IncrementalAlterConfigsApi(ConfigAlteration alteration) {
    this.alteration = alteration;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INCREMENTAL_ALTER_CONFIGS;
  }

  @Override
  public CompletableFuture<IncrementalAlterConfigsResponseData> handle(
      IncrementalAlterConfigsRequestData request, RequestContext context) {
    return alteration
        .alter(
            request.resources().stream().map(IncrementalAlterConfigsApi::wanted).toList(),
            request.validateOnly(),
            (type, name, errorCode, errorMessage) ->
                new AlterConfigsResourceResponse()
                    .setResourceType(type)
                    .setResourceName(name)
                    .setErrorCode(errorCode)
                    .setErrorMessage(errorMessage))
        .thenApply(new IncrementalAlterConfigsResponseData()::setResponses);
  }

  private static Wanted wanted(AlterConfigsResource resource) {
    return new Wanted(
        resource.resourceType(),
        resource.resourceName(),
        resource.configs().stream().map(AlterableConfig::name).toList(),
        resource.configs().stream()
            .filter(
                config -> config.value() == null && config.configOperation() != OpType.DELETE.id())
            .map(AlterableConfig::name)
            .toList(),
        topic -> ConfigChanges.ofTopic(topic, operations(resource)),
        (image, brokerId) -> ConfigChanges.ofBroker(image, brokerId, operations(resource)),
        () -> ConfigChanges.ofLoggers(operations(resource)));
  }

  private static List<ConfigOperation> operations(AlterConfigsResource resource) {
    return resource.configs().stream()
        .map(config -> new ConfigOperation(config.name(), type(config), config.value()))
        .toList();
  }

  private static OpType type(AlterableConfig config) {
    OpType type = OpType.forId(config.configOperation());
    if (type == null) {
      throw new InvalidRequestException("Unknown operations type " + config.configOperation());
    }
    return type;
  }
}
