// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.record.RecordBatch;
import java.util.List;

/** Durability for the logs of one log directory. Thread-safe. */
public interface SyncJournal extends AutoCloseable {
  /**
   * Makes durable what was just done to the log, and calls {@link SyncedLog#durable} back. Never
   * blocks; what comes while a group is being synced goes into the next one.
   *
   * @param batches which were just written at the log's end; none after a truncation. A journal
   *     that has a file of its own writes them there; one that syncs the logs does not need them.
   */
  void append(SyncedLog log, List<RecordBatch> batches);

  /** Milliseconds since the oldest unfinished sync began; 0 if none runs. */
  long oldestSyncAgeMs();

  /** Finishes the group under way and ends. What was appended to last may stay without callback. */
  @Override
  void close();
}
