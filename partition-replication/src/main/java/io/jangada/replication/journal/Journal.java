// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.log.LogEnd;

/**
 * The write-ahead journal of one log directory: what is appended becomes durable in groups, in the
 * order of the numbers that {@link #append} returns for one log. Thread-safe.
 *
 * <p>A failed write or sync is never repeated, because nobody knows afterwards what is on the disk
 * (rule 22): {@link JournalListener#failed} is called once, and nothing becomes durable any more.
 */
public interface Journal extends AutoCloseable {
  /**
   * Queues the entry for the next group. Never blocks. The entry's batches must stay as they are
   * until the callback; after it the journal knows nothing of them any more.
   *
   * @param log is called back, by the journal's thread, when the entry is durable
   * @param endAfter where the log ends after the entry; handed back with the callback
   * @return the entry's number: greater than those of all earlier entries of the log, in this run
   *     of the process and in those before
   */
  long append(JournaledLog log, JournalEntry entry, LogEnd endAfter);

  /**
   * No log needs entries numbered up to this any more: they are in segments that were synced and in
   * the manifest. Files that hold no others become free. Never blocks; lower numbers than before
   * are ignored.
   */
  void release(long number);

  /**
   * Milliseconds that the oldest entry under way has been waiting for the disk, or for a free file;
   * 0 if nothing is under way.
   */
  long oldestSyncAgeMs();

  /**
   * Writes what is queued, seals the end and ends. What can no longer be written, because the
   * journal has failed or there is no free file, stays without callback.
   */
  @Override
  void close();
}
