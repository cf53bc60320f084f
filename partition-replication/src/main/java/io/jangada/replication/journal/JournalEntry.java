// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import java.util.List;

/** What can happen to a log, as the journal keeps it. Replayed in order, it makes the log again. */
public sealed interface JournalEntry {
  /** The log that it happened to. */
  TopicIdPartition log();

  /**
   * The log exists from here on.
   *
   * @param topic the name of its topic, at most 32,767 bytes in UTF-8
   */
  record Created(TopicIdPartition log, String topic) implements JournalEntry {}

  /**
   * Batches follow each other at the log's end.
   *
   * @param batches in the order of their offsets, at least one; not copied
   */
  record Batches(TopicIdPartition log, List<RecordBatch> batches) implements JournalEntry {}

  /** Everything from the offset on is gone (rule 1). */
  record Truncated(TopicIdPartition log, long toOffset) implements JournalEntry {}

  /** Everything is gone, and the log begins anew at the offset (rule 16). */
  record Reset(TopicIdPartition log, long offset) implements JournalEntry {}

  /** The log begins at the offset now (rule 16). */
  record LogStart(TopicIdPartition log, long offset) implements JournalEntry {}

  /** The log is gone. */
  record Removed(TopicIdPartition log) implements JournalEntry {}
}
