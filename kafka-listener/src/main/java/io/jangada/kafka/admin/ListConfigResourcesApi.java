// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * ListConfigResources (KIP-1142): topics and brokers. Version 0 is about client metrics alone, of
 * which there are none.
 */
final class ListConfigResourcesApi implements KafkaApi<ListConfigResourcesRequestData> {
  private static final short ONLY_METRICS = 0;
  private static final Set<Byte> METRICS = Set.of(ConfigResource.Type.CLIENT_METRICS.id());
  private static final Set<Byte> CONFIGURABLE =
      Set.of(
          ConfigResource.Type.TOPIC.id(),
          ConfigResource.Type.BROKER.id(),
          ConfigResource.Type.BROKER_LOGGER.id(),
          ConfigResource.Type.CLIENT_METRICS.id(),
          ConfigResource.Type.GROUP.id());

  private final ClusterMetadata metadata;

  ListConfigResourcesApi(ClusterMetadata metadata) {
    this.metadata = metadata;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_CONFIG_RESOURCES;
  }

  @Override
  public CompletableFuture<ListConfigResourcesResponseData> handle(
      ListConfigResourcesRequestData request, RequestContext context) {
    Set<Byte> known = context.version() == ONLY_METRICS ? METRICS : CONFIGURABLE;
    Set<Byte> wanted =
        new TreeSet<>(request.resourceTypes().isEmpty() ? known : request.resourceTypes());
    ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
    if (!known.containsAll(wanted)) {
      return CompletableFuture.completedFuture(
          response.setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
    }
    MetadataImage image = metadata.image();
    for (byte type : wanted) {
      names(image, context, ConfigResource.Type.forId(type))
          .forEach(
              name ->
                  response
                      .configResources()
                      .add(
                          new ListConfigResourcesResponseData.ConfigResource()
                              .setResourceName(name)
                              .setResourceType(type)));
    }
    return CompletableFuture.completedFuture(response);
  }

  private static List<String> names(
      MetadataImage image, RequestContext context, ConfigResource.Type type) {
    return switch (type) {
      case TOPIC -> image.topics().values().stream().map(topic -> topic.name()).sorted().toList();
      case BROKER, BROKER_LOGGER ->
          image.brokers().values().stream()
              .filter(BrokerRegistration::inService)
              .filter(broker -> context.network().addressOf(broker).isPresent())
              .map(broker -> Integer.toString(broker.brokerId()))
              .toList();
      case CLIENT_METRICS, GROUP, UNKNOWN -> List.of();
    };
  }
}
