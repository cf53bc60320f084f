// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import java.util.Optional;

/** Where brokers listen; the broker implements it from the metadata. Thread-safe, never blocks. */
public interface BrokerDirectory {
  /** {@code host:port} of the broker's gRPC listener, or empty if it is not registered. */
  Optional<String> grpcAddress(int brokerId);
}
