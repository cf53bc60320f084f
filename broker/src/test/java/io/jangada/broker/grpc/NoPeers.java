// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.broker.forward.Forwarder;
import io.jangada.broker.forward.ForwardingMetrics;
import io.prometheus.client.CollectorRegistry;
import java.util.Optional;

/** For brokers that stand alone. */
final class NoPeers {
  private NoPeers() {}

  static Forwarder forwarder() {
    return new Forwarder(id -> Optional.empty(), new ForwardingMetrics(new CollectorRegistry()));
  }
}
