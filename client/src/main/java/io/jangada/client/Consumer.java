// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads partitions that it is given. For one thread at a time; only {@link #wakeup} may be called
 * from others.
 *
 * <p>Every record at or above the position is returned once, in the order of offsets within its
 * partition, over any change of leaders. Brokers send ahead of {@link #poll} as much as the
 * configured buffer allows; nothing happens in the background beyond that.
 */
public interface Consumer extends AutoCloseable {
  /**
   * Reads these partitions and no others. Those that were assigned before keep their position; new
   * ones start as configured, unless {@link #seek} says otherwise.
   */
  void assign(Collection<TopicPartition> partitions);

  /** What is read. */
  Set<TopicPartition> assignment();

  /**
   * Reads on at an offset.
   *
   * @throws JangadaException INVALID_REQUEST if the partition is not assigned or the offset
   *     negative
   */
  void seek(TopicPartition partition, long offset);

  /** Reads on at the oldest record there is; looked up by the next {@code poll}. */
  void seekToBeginning(Collection<TopicPartition> partitions);

  /** Reads on at the next record to be written; looked up by the next {@code poll}. */
  void seekToEnd(Collection<TopicPartition> partitions);

  /**
   * The next records, waiting for the first up to a timeout. Retriable trouble is retried for ever,
   * in this and later calls.
   *
   * @return possibly none
   * @throws JangadaException OFFSET_OUT_OF_RANGE, CORRUPT_MESSAGE or another that is not worth a
   *     retry; the position stays before the trouble, and another {@code poll} may be tried
   */
  List<ConsumerRecord> poll(Duration timeout);

  /**
   * The offset of the next record that {@code poll} would return.
   *
   * @throws JangadaException INVALID_REQUEST if the partition is not assigned; REQUEST_TIMED_OUT if
   *     the offset to start from could not be found out in time
   */
  long position(TopicPartition partition);

  /** The oldest offset of each. */
  Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions);

  /** The offset of the next record that readers will get to see, of each (the high watermark). */
  Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions);

  /**
   * The first offset at or after a time, for each partition that has one.
   *
   * @param timesMs milliseconds since the Unix epoch
   */
  Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> timesMs);

  /** How many partitions a topic has, asking the cluster. */
  int partitionCount(String topic);

  /** Makes a waiting {@code poll}, or the next one, return without waiting. Thread-safe. */
  void wakeup();

  /** Ends the streams. Further calls have no effect. */
  @Override
  void close();
}
