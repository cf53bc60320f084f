// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.log.LogEnd;
import java.io.IOException;

/** A log as its journal sees it. Called by the journal's thread. */
public interface SyncedLog {
  /** Makes everything durable that was done to the log before; returns up to where. Blocks. */
  LogEnd sync() throws IOException;

  /** The log is durable up to there. Must only enqueue. */
  void durable(LogEnd end);
}
