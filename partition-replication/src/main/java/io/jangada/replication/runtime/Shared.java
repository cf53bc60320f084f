// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.transport.LeaderLinks;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What the partitions of a broker have in common.
 *
 * @param brokerId this broker
 * @param links to the leaders
 * @param isrProposals to the quorum
 * @param readPool waits for the disk
 * @param admission bounds what waits
 * @param metrics counts
 * @param directories of the logs
 * @param lost to be told of replicas that cannot be served any more; any thread
 */
record Shared(
    int brokerId,
    LeaderLinks links,
    IsrProposals isrProposals,
    ReadPool readPool,
    Admission admission,
    ReplicationMetrics metrics,
    LogDirectories directories,
    Consumer<LostReplicas> lost) {

  /** The clock of deadlines: monotonic, never the wall's. */
  static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
