// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.log.LogEnd;

/** A log as its journal sees it. */
public interface JournaledLog {
  /**
   * All entries of this log up to the number are durable. Called once per group of entries, by the
   * journal's thread: must only enqueue, and must not throw.
   *
   * @param number the last durable entry's
   * @param end what came with that entry
   */
  void durable(long number, LogEnd end);
}
