// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.frontdoor.FrontDoor;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.broker.frontdoor.FrontDoorProvider;
import java.util.Optional;

/** Puts the Kafka protocol beside gRPC. */
public final class KafkaFrontDoorProvider implements FrontDoorProvider {
  @Override
  public String protocol() {
    return "kafka";
  }

  @Override
  public Optional<FrontDoor> create(FrontDoorContext context) {
    return context.config().listeners().kafka().map(kafka -> new KafkaFrontDoor(kafka, context));
  }

  @Override
  public AdvertisedAddresses advertised(BrokerConfig config) {
    return config
        .listeners()
        .kafka()
        .filter(kafka -> config.node().isBroker())
        .map(
            kafka ->
                new AdvertisedAddresses(
                    kafka.advertisedAddress(),
                    kafka.external().map(BrokerConfig.External::advertisedAddress).orElse("")))
        .orElse(AdvertisedAddresses.NONE);
  }
}
