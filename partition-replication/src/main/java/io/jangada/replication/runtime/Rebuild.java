// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.directory.LogDirectory;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica that is fetched anew from its leader, after its log was damaged (rule 21). Until it has
 * what the leader has committed, it must neither lead nor count as in sync: whatever the quorum may
 * still believe of the log that it had. Owner only.
 */
final class Rebuild {
  private static final Logger log = LoggerFactory.getLogger(Rebuild.class);
  private static final long UNKNOWN = -1;

  private long leaderHighWatermark = UNKNOWN;
  private int toldPartitionEpoch = -1;

  /** What the leader pushed had that high watermark with it. */
  void leaderSaid(long highWatermark) {
    leaderHighWatermark = Math.max(leaderHighWatermark, highWatermark);
  }

  /** Whether it ends with so much being durable here. */
  boolean reached(long durableEndOffset) {
    return leaderHighWatermark != UNKNOWN && durableEndOffset >= leaderHighWatermark;
  }

  /** Whether the quorum was not told yet since the partition last changed. */
  boolean tell(int partitionEpoch) {
    boolean first = partitionEpoch != toldPartitionEpoch;
    toldPartitionEpoch = partitionEpoch;
    return first;
  }

  /**
   * Puts it down that the replica counts again. If that fails, the next start costs it its rights.
   */
  static void note(TopicIdPartition id, LogDirectory directory, ReadPool threads) {
    try {
      threads.execute(
          () -> {
            try {
              directory.rebuilt(id);
            } catch (IOException e) {
              log.warn("{}: cannot note that the replica was fetched anew", id, e);
            }
          });
    } catch (JangadaException e) {
      log.warn("{}: no thread to note that the replica was fetched anew", id, e);
    }
  }
}
