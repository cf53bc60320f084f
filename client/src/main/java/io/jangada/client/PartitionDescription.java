// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a partition.
 *
 * @param partition from 0
 * @param leader broker id, or -1 for none
 * @param leaderEpoch grows with every new leader
 * @param partitionEpoch grows with every change of the partition
 * @param replicas broker ids, the preferred leader first
 * @param isr the in-sync replicas
 * @param elr the eligible leader replicas (KIP-966)
 * @param offsets as the leader has them
 */
public record PartitionDescription(
    int partition,
    int leader,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> isr,
    List<Integer> elr,
    Offsets offsets) {

  /**
   * Offsets as a leader has them; -1 where it could not be asked.
   *
   * @param logStartOffset of the oldest record
   * @param highWatermark below it records are committed
   * @param logEndOffset of the next record to be written
   * @param error why the leader could not be asked, or null
   */
  public record Offsets(
      long logStartOffset,
      long highWatermark,
      long logEndOffset,
      @Nullable JangadaException error) {}
}
