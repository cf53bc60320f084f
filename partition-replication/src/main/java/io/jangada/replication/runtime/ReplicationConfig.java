// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.core.ReplicaConfig;
import io.jangada.replication.directory.LogDirectoryConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * How a broker runs its partitions. See {@link #of} for the defaults.
 *
 * @param brokerId this broker
 * @param logDirectories where logs lie, at least one
 * @param replica times and bounds of each replica
 * @param eventLoops threads that own partitions; the first carries the replication streams, too
 * @param readThreads threads that read cold batches, recover and delete logs
 * @param limits bounds of memory
 */
public record ReplicationConfig(
    int brokerId,
    List<LogDirectoryConfig> logDirectories,
    ReplicaConfig replica,
    int eventLoops,
    int readThreads,
    ReplicationLimits limits) {
  private static final int MAX_DEFAULT_LOOPS = 8;
  private static final int DEFAULT_READ_THREADS = 4;

  /** Copies the list. */
  public ReplicationConfig {
    logDirectories = List.copyOf(logDirectories);
  }

  /**
   * A loop for every two processors, up to 8; journals, segments and the network need the others. 4
   * reading threads.
   *
   * @param directoryId the log directory's identity
   */
  public static ReplicationConfig of(int brokerId, Path logDirectory, UUID directoryId) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new ReplicationConfig(
        brokerId,
        List.of(LogDirectoryConfig.of(logDirectory, directoryId)),
        ReplicaConfig.DEFAULT,
        Math.clamp(processors / 2, 1, MAX_DEFAULT_LOOPS),
        DEFAULT_READ_THREADS,
        ReplicationLimits.DEFAULT);
  }
}
