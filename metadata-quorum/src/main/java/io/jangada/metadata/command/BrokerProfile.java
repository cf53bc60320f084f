// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.List;

/**
 * What a broker says of itself that others act upon. Immutable.
 *
 * @param endpoints where it listens
 * @param rack its failure domain, empty if it has none
 * @param roles what the process does, without duplicates
 * @param features the feature levels it understands
 */
public record BrokerProfile(
    Endpoints endpoints, String rack, List<NodeRole> roles, FeatureRange features) {
  /** Copies the roles. */
  public BrokerProfile {
    roles = List.copyOf(roles);
  }
}
