// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.forward;

import io.grpc.Channel;
import java.util.Optional;

/** The ways to the other brokers. Thread-safe; never blocks. */
@FunctionalInterface
public interface Peers {
  /** A channel to a broker, at the address that brokers use among themselves; empty if unknown. */
  Optional<Channel> channelTo(int brokerId);
}
