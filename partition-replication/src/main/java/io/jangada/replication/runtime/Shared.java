// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.journal.SyncJournal;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.transport.LeaderLinks;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What the partitions of a broker have in common.
 *
 * @param storage under the logs
 * @param journal makes them durable
 * @param links to the leaders
 * @param isrProposals to the quorum
 * @param readPool waits for the disk
 * @param admission bounds what waits
 * @param metrics counts
 * @param onStorageFailure to be told when the disk has failed; any thread
 */
record Shared(
    Storage storage,
    SyncJournal journal,
    LeaderLinks links,
    IsrProposals isrProposals,
    ReadPool readPool,
    Admission admission,
    ReplicationMetrics metrics,
    Consumer<IOException> onStorageFailure) {

  /** The clock of deadlines: monotonic, never the wall's. */
  static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
