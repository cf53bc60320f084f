// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Begins the metadata quorum anew on a stopped node, from a backup. A service (found with {@link
 * java.util.ServiceLoader}), because the client's commands may not know the broker, whose disks it
 * writes. Not thread-safe; blocks.
 */
public interface QuorumRestorer {
  /**
   * Checks everything, then writes.
   *
   * @param config the node's configuration file, if there is one
   * @param overrides {@code KEY=VALUE} that win over it
   * @param backup what {@code jangada quorum backup} wrote
   * @param dryRun only checks
   * @throws io.jangada.common.JangadaException with the reason why nothing was written
   */
  Restored restore(Optional<Path> config, List<String> overrides, Path backup, boolean dryRun);

  /**
   * What was done, or would be. The names are a contract.
   *
   * @param file the backup
   * @param clusterId whose metadata it is
   * @param nodeId the only member of the quorum now
   * @param directory the quorum's on this node
   * @param backupHistoryId the history of the metadata that ended
   * @param backupIndex up to which the backup knows it
   * @param historyId the history that begins
   * @param index with which it begins
   * @param featureLevel in force from now on
   * @param topics how many
   * @param partitions how many
   * @param brokers how many are known, none of which is registered
   * @param dryRun whether nothing was written
   */
  record Restored(
      String file,
      String clusterId,
      int nodeId,
      String directory,
      String backupHistoryId,
      long backupIndex,
      String historyId,
      long index,
      int featureLevel,
      int topics,
      int partitions,
      int brokers,
      boolean dryRun) {}
}
