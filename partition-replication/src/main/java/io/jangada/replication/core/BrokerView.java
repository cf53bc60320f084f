// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/**
 * What the metadata says about a broker that holds a replica.
 *
 * @param brokerId the broker
 * @param brokerEpoch the epoch of its registration, -1 if it is not registered
 * @param inService true if it is registered, unfenced and not shutting down
 */
public record BrokerView(int brokerId, long brokerEpoch, boolean inService) {
  /** The epoch of a broker that is not registered. */
  public static final long NOT_REGISTERED = -1;
}
