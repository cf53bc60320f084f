// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Has the oldest records of partitions deleted by their leaders, wherever they are. Thread-safe.
 */
public interface RecordDeletion {
  /**
   * Deletes, in each partition on its own.
   *
   * @param before the first offset to keep; -1 = the high watermark
   * @return one entry for each partition asked for; never completes exceptionally
   */
  CompletableFuture<Map<TopicIdPartition, Answer>> delete(Map<TopicIdPartition, Long> before);

  /** What came of one partition. */
  sealed interface Answer {}

  /** Its log starts there now. */
  record Deleted(long logStartOffset) implements Answer {}

  /** Nothing was deleted, or, if the reason is not definite, perhaps nothing. */
  record Failed(JangadaException why) implements Answer {}
}
