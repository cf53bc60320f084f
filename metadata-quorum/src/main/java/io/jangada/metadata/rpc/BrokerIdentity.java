// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.command.ReplicaVerdicts;
import java.util.Map;
import java.util.UUID;

/**
 * What a broker registers with.
 *
 * @param incarnation drawn at the start of the process
 * @param profile what others need to know of it
 * @param provenance what its rights over its logs rest on
 * @param verdicts what recovery found in its logs
 */
public record BrokerIdentity(
    UUID incarnation, BrokerProfile profile, Provenance provenance, ReplicaVerdicts verdicts) {
  /** A broker of whose logs nothing is said. */
  public BrokerIdentity(UUID incarnation, BrokerProfile profile, Provenance provenance) {
    this(incarnation, profile, provenance, ReplicaVerdicts.NONE);
  }

  /** The same, without where the logs end. */
  BrokerIdentity withoutEnds() {
    return new BrokerIdentity(incarnation, profile, provenance, verdicts.withEnds(Map.of()));
  }
}
