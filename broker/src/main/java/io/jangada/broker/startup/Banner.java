// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.QuorumMember;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node says of itself once it has started. */
final class Banner {
  private static final Logger LOG = LoggerFactory.getLogger(Banner.class);

  private Banner() {}

  static void log(BrokerConfig config, NodeIdentity identity, int httpPort, long startedNs) {
    BrokerConfig.Listeners listeners = config.listeners();
    String roles =
        config.node().roles().stream()
            .sorted()
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    LOG.info("Node {} ({}) of cluster {}", identity.nodeId(), roles, identity.clusterId());
    LOG.info(
        "  gRPC {}:{}, advertised as {}",
        listeners.bindHost(),
        listeners.grpcPort(),
        listeners.advertisedGrpcAddress());
    if (config.node().isQuorumMember()) {
      LOG.info("  Ratis {}:{}", listeners.bindHost(), listeners.ratisPort());
    }
    LOG.info("  HTTP http://{}:{}/readyz, /livez, /metrics", listeners.bindHost(), httpPort);
    listeners
        .external()
        .ifPresent(
            external ->
                LOG.info(
                    "  external gRPC {}:{}, advertised as {}",
                    listeners.bindHost(),
                    external.port(),
                    external.advertisedAddress()));
    LOG.info("  data {}", config.storage().directory());
    config.storage().logDirectories().forEach(log -> LOG.info("  log {}", log));
    LOG.info(
        "  quorum {}",
        config.quorum().members().stream()
            .map(QuorumMember::toString)
            .collect(Collectors.joining(", ")));
    LOG.info("Started in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs));
  }
}
