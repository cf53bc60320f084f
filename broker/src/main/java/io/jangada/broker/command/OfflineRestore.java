// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.node.QuorumMembers;
import io.jangada.broker.startup.DataDirectory;
import io.jangada.broker.startup.DirectoryLock;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.QuorumRestorer;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.restore.BackupFile;
import io.jangada.metadata.restore.QuorumRestore;
import io.jangada.metadata.restore.Restoration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Makes a stopped node the first member of a quorum with restored metadata. */
public final class OfflineRestore implements QuorumRestorer {
  @Override
  public Restored restore(
      Optional<Path> file, List<String> overrides, Path backup, boolean dryRun) {
    return run(ConfigLoader.load(file, System.getenv(), overrides), backup, dryRun);
  }

  static Restored run(BrokerConfig config, Path file, boolean dryRun) {
    if (!config.node().isQuorumMember()) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected a node with the role quorum, but node.roles has " + config.node().roles(),
          "restore on a node that is to be a member of the quorum");
    }
    MetadataImage backup = BackupFile.read(file);
    UUID clusterId = Objects.requireNonNull(backup.cluster().clusterId());
    Path data = config.storage().directory();
    UUID formattedFor =
        DataDirectory.clusterIdOf(data)
            .orElseThrow(
                () ->
                    new JangadaException(
                        ErrorCode.STORAGE_NOT_FORMATTED,
                        "expected a formatted data directory, but " + data + " is none",
                        "jangada format -c jangada.yaml --cluster-id " + clusterId));
    if (!formattedFor.equals(clusterId)) {
      throw new JangadaException(
          ErrorCode.INCONSISTENT_CLUSTER_ID,
          "expected a backup of cluster %s, to which %s belongs, but %s is of cluster %s"
              .formatted(formattedFor, data, file, clusterId),
          "use a backup of this cluster, or format an empty directory for that one");
    }
    UUID directoryId = DataDirectory.directoryIdOf(data, clusterId, config.node().id());
    DirectoryLock lock = DirectoryLock.acquire(data);
    try {
      return write(config, file, backup, directoryId, dryRun);
    } finally {
      release(lock);
    }
  }

  private static void release(DirectoryLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Restored write(
      BrokerConfig config, Path file, MetadataImage backup, UUID directoryId, boolean dryRun) {
    Path quorum = config.storage().directory().resolve("quorum");
    QuorumRestore.requireUnused(quorum);
    MetadataImage restored = Restoration.of(backup, UUID.randomUUID());
    if (!dryRun) {
      QuorumRestore.write(
          quorum,
          config.node().id(),
          directoryId,
          QuorumMembers.self(config).raftAddress(),
          restored);
    }
    return new Restored(
        file.toString(),
        String.valueOf(restored.cluster().clusterId()),
        config.node().id(),
        quorum.toString(),
        String.valueOf(backup.cluster().historyId()),
        backup.index(),
        String.valueOf(restored.cluster().historyId()),
        restored.index(),
        restored.cluster().featureLevel(),
        restored.topics().size(),
        restored.topics().values().stream().mapToInt(topic -> topic.partitions().size()).sum(),
        restored.brokers().size(),
        dryRun);
  }
}
