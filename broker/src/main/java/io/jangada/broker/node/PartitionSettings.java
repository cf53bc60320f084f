// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.startup.LogDirectories;
import io.jangada.replication.core.ReplicaConfig;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.runtime.ReplicationConfig;
import io.jangada.replication.runtime.ReplicationLimits;
import java.util.List;

/** The configuration as the partitions want it. */
final class PartitionSettings {
  private static final long MIN_PENDING_BYTES = 4L << 20;

  private PartitionSettings() {}

  /**
   * The settings.
   *
   * @param directories that can be used
   */
  static ReplicationConfig of(BrokerConfig config, List<LogDirectories.Found> directories) {
    int id = config.node().id();
    LogDirectories.Found first = directories.getFirst();
    ReplicationConfig defaults = ReplicationConfig.of(id, first.path(), first.id().orElseThrow());
    ReplicaConfig replica = defaults.replica();
    ReplicationLimits limits = defaults.limits();
    return new ReplicationConfig(
        id,
        directories.stream()
            .map(each -> directory(each, directories.size(), config.storage()))
            .toList(),
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
            limits.diskReserveBytes(),
            config.storage().compactionMemory().bytes(),
            config.storage().compactionRate().bytes()));
  }

  /** What waits in memory is bounded for all directories together. */
  private static LogDirectoryConfig directory(
      LogDirectories.Found found, int directories, BrokerConfig.Storage storage) {
    LogDirectoryConfig of = LogDirectoryConfig.of(found.path(), found.id().orElseThrow());
    return new LogDirectoryConfig(
        of.path(),
        of.id(),
        of.journalFileBytes(),
        storage.journalSize().bytes(),
        Math.max(MIN_PENDING_BYTES, of.maxPendingBytes() / directories),
        storage.quarantineSize().bytes(),
        of.recoveryThreads());
  }
}
