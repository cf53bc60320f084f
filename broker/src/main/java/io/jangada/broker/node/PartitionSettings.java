// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.replication.core.ReplicaConfig;
import io.jangada.replication.runtime.ReplicationConfig;
import io.jangada.replication.runtime.ReplicationLimits;
import java.util.UUID;

/** The configuration as the partitions want it. */
final class PartitionSettings {
  private PartitionSettings() {}

  /**
   * The settings.
   *
   * @param directoryId of the data directory, which is that of the log directory in it
   */
  static ReplicationConfig of(BrokerConfig config, UUID directoryId) {
    int id = config.node().id();
    ReplicationConfig defaults =
        ReplicationConfig.of(id, config.storage().directory().resolve("log"), directoryId);
    ReplicaConfig replica = defaults.replica();
    ReplicationLimits limits = defaults.limits();
    return new ReplicationConfig(
        id,
        defaults.logDirectories(),
        new ReplicaConfig(
            config.replication().lagTimeout().toMillis(),
            replica.retryBackoffMs(),
            replica.maxPendingAppends(),
            replica.maxProducers(),
            replica.producerExpiryMs(),
            replica.resignAfterMs()),
        config.broker().partitionThreads(),
        defaults.readThreads(),
        new ReplicationLimits(
            limits.tailCacheBytes(),
            config.broker().producesInFlight().bytes(),
            limits.queuedAppends(),
            limits.queuedReads(),
            config.broker().parkedReads(),
            config.replication().creditPerStream().bytes(),
            limits.diskReserveBytes()));
  }
}
