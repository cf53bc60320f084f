// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.storage.Storage;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;

/** Starts the partitions of a broker. */
public final class PartitionReplication {
  private PartitionReplication() {}

  /**
   * Recovers the logs in the directory and starts the threads. Blocks until every log is recovered.
   *
   * @param isrProposals the way to the quorum
   * @param brokers where the other brokers listen
   * @param metrics where the module's metrics are registered
   * @throws IOException if the directory cannot be used at all
   */
  public static ReplicationRuntime start(
      ReplicationConfig config,
      Storage storage,
      IsrProposals isrProposals,
      BrokerDirectory brokers,
      CollectorRegistry metrics)
      throws IOException {
    LocalReplication replication =
        new LocalReplication(config, storage, isrProposals, brokers, metrics);
    replication.start();
    return replication;
  }
}
