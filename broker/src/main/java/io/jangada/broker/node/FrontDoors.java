// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.frontdoor.FrontDoor;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.broker.frontdoor.FrontDoorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The front doors besides gRPC: those that are on the class path and wanted. */
final class FrontDoors implements AutoCloseable {
  private static final List<FrontDoorProvider> PROVIDERS =
      ServiceLoader.load(FrontDoorProvider.class).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private final List<FrontDoor> doors;

  private FrontDoors(List<FrontDoor> doors) {
    this.doors = doors;
  }

  /** For a node that lets in nobody but by gRPC. */
  static FrontDoors none() {
    return new FrontDoors(List.of());
  }

  /** Makes them all; none is open yet. */
  static FrontDoors create(FrontDoorContext context) {
    List<FrontDoor> doors = new ArrayList<>();
    for (FrontDoorProvider provider : PROVIDERS) {
      provider.create(context).ifPresent(doors::add);
    }
    return new FrontDoors(List.copyOf(doors));
  }

  /** Where Kafka clients are told to connect. */
  static FrontDoorProvider.AdvertisedAddresses advertised(BrokerConfig config, String protocol) {
    return PROVIDERS.stream()
        .filter(provider -> provider.protocol().equals(protocol))
        .map(provider -> provider.advertised(config))
        .findFirst()
        .orElse(FrontDoorProvider.AdvertisedAddresses.NONE);
  }

  /** Opens them. */
  void serve() {
    doors.forEach(FrontDoor::serve);
  }

  /** Nobody new comes in. */
  void leave() {
    doors.forEach(FrontDoor::leave);
  }

  @Override
  public void close() {
    doors.forEach(FrontDoor::close);
  }
}
