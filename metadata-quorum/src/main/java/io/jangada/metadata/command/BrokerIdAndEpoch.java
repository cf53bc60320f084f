// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

/**
 * One incarnation of a broker.
 *
 * @param brokerId the broker
 * @param brokerEpoch the index of its registration's entry
 */
public record BrokerIdAndEpoch(int brokerId, long brokerEpoch) {
  @Override
  public String toString() {
    return brokerId + "@" + brokerEpoch;
  }
}
