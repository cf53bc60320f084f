// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.core.ReplicaConfig;
import java.nio.file.Path;

/**
 * How a broker runs its partitions. See {@link #of} for the defaults.
 *
 * @param brokerId this broker
 * @param logDirectory where the partitions' directories lie
 * @param replica times and bounds of each replica
 * @param eventLoops threads that own partitions
 * @param readThreads threads that read cold batches, recover and delete logs
 * @param limits bounds of memory
 */
public record ReplicationConfig(
    int brokerId,
    Path logDirectory,
    ReplicaConfig replica,
    int eventLoops,
    int readThreads,
    ReplicationLimits limits) {
  private static final int MAX_DEFAULT_LOOPS = 8;
  private static final int DEFAULT_READ_THREADS = 4;

  /** A loop for each processor up to 8, 4 reading threads. */
  public static ReplicationConfig of(int brokerId, Path logDirectory) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new ReplicationConfig(
        brokerId,
        logDirectory,
        ReplicaConfig.DEFAULT,
        Math.min(processors, MAX_DEFAULT_LOOPS),
        DEFAULT_READ_THREADS,
        ReplicationLimits.DEFAULT);
  }
}
