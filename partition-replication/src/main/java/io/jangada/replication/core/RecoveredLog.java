// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/**
 * What recovery found of a partition's log; the replica takes over the histories.
 *
 * @param logStartOffset the first offset there is
 * @param logEndOffset the offset after the last batch
 * @param durableLogEndOffset up to where the log is surely on the disk (what recovery itself has
 *     fsynced counts)
 * @param highWatermark the last one that was noted, or the log start; need not be exact
 * @param epochs the leader epochs of the batches in the log
 * @param producers the producers of the batches in the log
 */
public record RecoveredLog(
    long logStartOffset,
    long logEndOffset,
    long durableLogEndOffset,
    long highWatermark,
    LeaderEpochHistory epochs,
    ProducerStates producers) {
  /** A log that never was. */
  public static RecoveredLog empty() {
    return new RecoveredLog(0, 0, 0, 0, new LeaderEpochHistory(), new ProducerStates());
  }
}
