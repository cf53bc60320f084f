// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.metadata.membership.QuorumMember;
import java.util.List;

/** The quorum's members as a node's configuration has them. */
public final class QuorumMembers {
  private QuorumMembers() {}

  /** All that it names. */
  public static List<QuorumMember> configured(BrokerConfig config) {
    return config.quorum().members().stream()
        .map(member -> new QuorumMember(member.id(), member.ratisAddress(), member.grpcAddress()))
        .toList();
  }

  /** This node as others reach it, whether it is named or not. */
  public static QuorumMember self(BrokerConfig config) {
    BrokerConfig.Listeners listeners = config.listeners();
    return configured(config).stream()
        .filter(member -> member.nodeId() == config.node().id())
        .findFirst()
        .orElseGet(
            () ->
                new QuorumMember(
                    config.node().id(),
                    listeners.advertisedHost() + ":" + listeners.ratisPort(),
                    listeners.advertisedHost() + ":" + listeners.grpcPort()));
  }
}
