// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A broker as the cluster knows it.
 *
 * @param id its number
 * @param grpcAddress host:port
 * @param kafkaAddress host:port, empty where the listener is off
 * @param httpAddress host:port, empty where the listener is off
 * @param rack where it stands, or empty
 * @param state whether it takes part
 * @param brokerEpoch of its registration
 * @param roles for example quorum and broker
 * @param unfitDirectories why log directories of it cannot be relied on any more, by their ids
 */
public record BrokerDescription(
    int id,
    String grpcAddress,
    String kafkaAddress,
    String httpAddress,
    String rack,
    State state,
    long brokerEpoch,
    List<String> roles,
    Map<UUID, String> unfitDirectories) {

  /** Whether a broker takes part. */
  public enum State {
    /** Said by a newer cluster in a way that is not known here. */
    UNKNOWN,
    /** Not heard of; leads nothing. */
    FENCED,
    /** In service. */
    ACTIVE,
    /** On its way out. */
    SHUTTING_DOWN
  }
}
