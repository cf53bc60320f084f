// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.RecoveredLog;

/** A log that recovery found. */
public sealed interface FoundLog {
  /** Whose log. */
  TopicIdPartition partition();

  /** The name of its topic, as far as it is known. */
  String topic();

  /**
   * It can be used.
   *
   * @param log open
   * @param state what is in it
   * @param rebuilding whether it was being fetched anew, and has not got so far that it counts
   * @param doubt why it may have had more than it has; empty if there is no doubt
   * @param synced false if it may have had more should the machine have been restarted meanwhile:
   *     it was durable in memory
   */
  record Usable(
      DirectoryLog log, RecoveredLog state, boolean rebuilding, String doubt, boolean synced)
      implements FoundLog {
    @Override
    public TopicIdPartition partition() {
      return log.partition();
    }

    @Override
    public String topic() {
      return log.topic();
    }
  }

  /**
   * What had been durable is damaged; nothing was touched.
   *
   * @param reason for people
   */
  record Damaged(TopicIdPartition partition, String topic, String reason) implements FoundLog {}
}
