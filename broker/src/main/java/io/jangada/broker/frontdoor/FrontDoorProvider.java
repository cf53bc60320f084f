// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.frontdoor;

import io.jangada.broker.config.BrokerConfig;
import java.util.Optional;

/**
 * Makes a {@link FrontDoor}. Implementations are found by {@link java.util.ServiceLoader} and have
 * a constructor without arguments.
 */
public interface FrontDoorProvider {

  /** What its clients speak, for people. */
  String protocol();

  /**
   * The front door of a node that holds partitions; its ports are not open yet.
   *
   * @return empty if the configuration wants none
   * @throws io.jangada.common.JangadaException PORT_IN_USE or INVALID_CONFIG if its ports cannot be
   *     opened, as far as that can be known now
   */
  Optional<FrontDoor> create(FrontDoorContext context);

  /** What the cluster is told of it. */
  AdvertisedAddresses advertised(BrokerConfig config);

  /**
   * Where clients are told to connect, each {@code host:port}, empty where it is off.
   *
   * @param main for clients of the brokers' network
   * @param external for clients of another network
   */
  record AdvertisedAddresses(String main, String external) {
    /** No listener. */
    public static final AdvertisedAddresses NONE = new AdvertisedAddresses("", "");
  }
}
