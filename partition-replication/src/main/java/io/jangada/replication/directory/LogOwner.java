// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.replication.log.LogEnd;
import java.nio.ByteBuffer;

/** Whoever changes a log. Called by any thread; must only enqueue, but for {@link #producers}. */
public interface LogOwner {
  /** What was done to the log is durable up to there. */
  void durable(LogEnd end);

  /** The owner is to call {@link DirectoryLog#checkpoint}. */
  void checkpointDue();

  /** Damage was found in the log's files: it can be used no more. */
  void damaged(String reason);

  /** A snapshot of the producers; called only once the owner has stopped. */
  ByteBuffer producers();
}
