// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.Network.HostAndPort;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.data.AllowedOperations;
import io.jangada.kafka.data.DescribedBrokers;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.EndpointType;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DescribeCluster (KIP-700): the brokers that speak Kafka, at the addresses the client reaches. */
final class DescribeClusterApi implements KafkaApi<DescribeClusterRequestData> {
  private final int brokerId;
  private final ClusterMetadata metadata;

  DescribeClusterApi(int brokerId, ClusterMetadata metadata) {
    this.brokerId = brokerId;
    this.metadata = metadata;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CLUSTER;
  }

  @Override
  public CompletableFuture<DescribeClusterResponseData> handle(
      DescribeClusterRequestData request, RequestContext context) {
    MetadataImage image = metadata.image();
    String clusterId = DescribedBrokers.clusterId(image);
    DescribeClusterResponseData response =
        new DescribeClusterResponseData()
            .setEndpointType(EndpointType.BROKER.id())
            .setClusterId(clusterId == null ? "" : clusterId);
    if (request.endpointType() != EndpointType.BROKER.id()) {
      return CompletableFuture.completedFuture(
          response
              .setErrorCode(
                  (request.endpointType() == EndpointType.CONTROLLER.id()
                          ? Errors.MISMATCHED_ENDPOINT_TYPE
                          : Errors.UNSUPPORTED_ENDPOINT_TYPE)
                      .code())
              .setErrorMessage(
                  "expected endpoint type "
                      + EndpointType.BROKER.id()
                      + ", since a broker was asked, but got "
                      + request.endpointType()));
    }
    response.setControllerId(
        new DescribedBrokers(image, context.network()).anyAdministrator(brokerId));
    for (BrokerRegistration broker : image.brokers().values()) {
      Optional<HostAndPort> address = context.network().addressOf(broker);
      if (address.isPresent() && (broker.inService() || request.includeFencedBrokers())) {
        response.brokers().add(toWire(broker, address.get(), context.version()));
      }
    }
    if (request.includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(AllowedOperations.ON_CLUSTER);
    }
    return CompletableFuture.completedFuture(response);
  }

  private static DescribeClusterBroker toWire(
      BrokerRegistration broker, HostAndPort address, short version) {
    String rack = broker.profile().rack();
    DescribeClusterBroker wire =
        new DescribeClusterBroker()
            .setBrokerId(broker.brokerId())
            .setHost(address.host())
            .setPort(address.port())
            .setRack(rack.isEmpty() ? null : rack);
    return version >= 2 ? wire.setIsFenced(!broker.inService()) : wire;
  }
}
