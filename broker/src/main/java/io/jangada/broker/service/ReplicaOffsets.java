// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks the leaders of partitions, wherever they are, how far their logs reach. Thread-safe. */
public interface ReplicaOffsets {

  /**
   * The offsets of each partition, from its leader.
   *
   * @return one entry for each partition asked for; never completes exceptionally
   */
  CompletableFuture<Map<TopicIdPartition, Answer>> describe(
      Collection<TopicIdPartition> partitions);

  /** What came of asking about one partition. */
  sealed interface Answer {}

  /** The leader's offsets. */
  record Offsets(long logStartOffset, long highWatermark, long logEndOffset) implements Answer {}

  /** The leader could not be asked. */
  record Unknown(JangadaException why) implements Answer {}
}
