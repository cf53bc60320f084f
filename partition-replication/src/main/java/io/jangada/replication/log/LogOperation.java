// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/** Something that was done to a log in memory and in the journal, and not yet to its files. */
sealed interface LogOperation {
  /** The journal entry; the files are touched only once it is durable. */
  long number();

  /** Batches up to the offset, which are pinned in the tail cache. */
  record Batches(long number, long endOffset, int sizeBytes) implements LogOperation {}

  /**
   * Everything from the offset on goes.
   *
   * @param capture of the log after it
   */
  record Truncate(long number, long toOffset, LogCapture capture) implements LogOperation {}

  /**
   * Everything goes; the log goes on at the offset.
   *
   * @param capture of the log after it
   */
  record Reset(long number, long toOffset, LogCapture capture) implements LogOperation {}

  /** Files that hold nothing at or above the offset go. */
  record LogStart(long number, long offset) implements LogOperation {}

  /** The state of the log here is to be put down. */
  record Mark(long number, LogCapture capture) implements LogOperation {}
}
