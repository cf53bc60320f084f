// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.core.ProducerStates;
import io.jangada.replication.core.RecoveredLog;
import io.jangada.replication.log.LogConfig;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A log with what the core takes over from it.
 *
 * @param log open
 * @param recovered its offsets, epochs and producers
 */
record RecoveredPartitionLog(PartitionLog log, RecoveredLog recovered) {
  /** Opens the log; blocks for as long as it takes to read it. */
  static RecoveredPartitionLog open(
      Storage storage, Path directory, int segmentBytes, TailCache cache) throws IOException {
    ProducerStates producers = new ProducerStates();
    long nowMs = Shared.nowMs();
    LogConfig config = new LogConfig(segmentBytes, LogConfig.DEFAULT.indexIntervalBytes());
    PartitionLog log =
        PartitionLog.open(
            storage,
            directory,
            config,
            cache,
            // Any of it may still be truncated.
            batch -> producers.appended(batch, 0, nowMs));
    if (log.logStartOffset() == log.logEndOffset()) {
      producers.clear();
    }
    RecoveredLog recovered =
        new RecoveredLog(
            log.logStartOffset(),
            log.logEndOffset(),
            log.logEndOffset(),
            log.highWatermark(),
            log.epochs(),
            producers);
    return new RecoveredPartitionLog(log, recovered);
  }
}
