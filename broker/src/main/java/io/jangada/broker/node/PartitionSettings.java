// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.replication.core.ReplicaConfig;
import io.jangada.replication.runtime.ReplicationConfig;
import io.jangada.replication.runtime.ReplicationLimits;

/** The configuration as the partitions want it. */
final class PartitionSettings {
  private PartitionSettings() {}

  static ReplicationConfig of(BrokerConfig config) {
    int id = config.node().id();
    ReplicationConfig defaults =
        ReplicationConfig.of(id, config.storage().directory().resolve("log"));
    ReplicaConfig replica = defaults.replica();
    ReplicationLimits limits = defaults.limits();
    return new ReplicationConfig(
        id,
        defaults.logDirectory(),
        new ReplicaConfig(
            config.replication().lagTimeout().toMillis(),
            replica.retryBackoffMs(),
            replica.maxPendingAppends(),
            replica.maxProducers(),
            replica.producerExpiryMs()),
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
