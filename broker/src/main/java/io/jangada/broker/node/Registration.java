// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.Role;
import io.jangada.broker.frontdoor.FrontDoorProvider;
import io.jangada.broker.startup.NodeContext;
import io.jangada.broker.startup.NodeIdentity;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.metadata.rpc.BrokerIdentity;
import java.util.Set;
import java.util.UUID;

/** What this process registers with at the quorum. */
final class Registration {
  private static final String KAFKA = "kafka";

  private Registration() {}

  static BrokerIdentity of(NodeContext node, Set<UUID> logDirectories, ReplicaVerdicts verdicts) {
    BrokerConfig config = node.config();
    NodeIdentity identity = node.identity();
    BrokerConfig.Listeners listeners = config.listeners();
    FrontDoorProvider.AdvertisedAddresses kafka = FrontDoors.advertised(config, KAFKA);
    return new BrokerIdentity(
        identity.incarnation(),
        new BrokerProfile(
            new Endpoints(
                listeners.advertisedGrpcAddress(),
                kafka.main(),
                listeners.advertisedHost() + ":" + listeners.httpPort(),
                listeners.external().map(BrokerConfig.External::advertisedAddress).orElse(""),
                kafka.external()),
            config.node().rack().orElse(""),
            config.node().roles().stream().map(Registration::role).sorted().toList(),
            FeatureRange.SUPPORTED),
        new Provenance(
            logDirectories.stream().sorted().toList(),
            identity.bootId(),
            node.runMark().previous().cleanBrokerEpoch().orElse(Provenance.UNCLEAN),
            new Provenance.Run(identity.directoryId(), node.runMark().number())),
        verdicts);
  }

  private static NodeRole role(Role role) {
    return switch (role) {
      case QUORUM -> NodeRole.QUORUM;
      case BROKER -> NodeRole.BROKER;
    };
  }
}
