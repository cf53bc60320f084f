// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.common.TopicIdPartition;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Is shown every durable entry, in order. What it throws ends the scan. */
public interface JournalVisitor {
  /** See {@link JournalEntry.Created}. */
  void created(long number, TopicIdPartition log, String topic) throws IOException;

  /**
   * See {@link JournalEntry.Batches}.
   *
   * @param batches whole batches one after the other, from position to limit; direct memory that is
   *     valid, and may be changed, only during the call. The journal's checksum covers them
   */
  void batches(long number, TopicIdPartition log, ByteBuffer batches) throws IOException;

  /** See {@link JournalEntry.Truncated}. */
  void truncated(long number, TopicIdPartition log, long toOffset) throws IOException;

  /** See {@link JournalEntry.Reset}. */
  void reset(long number, TopicIdPartition log, long offset) throws IOException;

  /** See {@link JournalEntry.LogStart}. */
  void logStart(long number, TopicIdPartition log, long offset) throws IOException;

  /** See {@link JournalEntry.Removed}. */
  void removed(long number, TopicIdPartition log) throws IOException;
}
