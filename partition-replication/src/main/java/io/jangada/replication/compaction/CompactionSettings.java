// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import java.util.concurrent.TimeUnit;

/**
 * What a topic's configuration says of its compaction.
 *
 * @param minDirtyRatio {@code min.cleanable.dirty.ratio}: a log is compacted once so much of it was
 *     not compacted yet, 0 to 1
 * @param minLagMs {@code min.compaction.lag.ms}: younger records are not compacted
 * @param maxLagMs {@code max.compaction.lag.ms}: a log with older records that were not compacted
 *     yet is compacted whatever the ratio
 * @param deleteRetentionMs {@code delete.retention.ms}: tombstones stay for so long after they were
 *     first compacted
 */
public record CompactionSettings(
    double minDirtyRatio, long minLagMs, long maxLagMs, long deleteRetentionMs) {
  /** As Kafka's. */
  public static final CompactionSettings DEFAULT =
      new CompactionSettings(0.5, 0, Long.MAX_VALUE, TimeUnit.DAYS.toMillis(1));
}
