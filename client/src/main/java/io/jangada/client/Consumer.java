// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
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
   * Reads on at the first record at or after a time, or at the end where there is none yet.
   *
   * @param timesMs milliseconds since the Unix epoch
   * @throws JangadaException as {@link #offsetsForTimes}, and INVALID_REQUEST if a partition is not
   *     assigned
   */
  default void seekToTimes(Map<TopicPartition, Long> timesMs) {
    Map<TopicPartition, OffsetAndTimestamp> found = offsetsForTimes(timesMs);
    for (TopicPartition partition : timesMs.keySet()) {
      OffsetAndTimestamp at = found.get(partition);
      if (at == null) {
        seekToEnd(List.of(partition));
      } else {
        seek(partition, at.offset());
      }
    }
  }

  /**
   * Returns nothing of these partitions until {@link #resume}; the position stays. What was
   * received of them ahead is dropped, so that it does not hold up the others, and read again.
   *
   * @throws JangadaException INVALID_REQUEST if one is not assigned
   */
  void pause(Collection<TopicPartition> partitions);

  /**
   * Undoes {@link #pause}; no effect on those that are not paused.
   *
   * @throws JangadaException INVALID_REQUEST if one is not assigned
   */
  void resume(Collection<TopicPartition> partitions);

  /** What is assigned and paused. */
  Set<TopicPartition> paused();

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
   * One record after the other, without end: {@code hasNext} waits for one, and is false only after
   * {@link #wakeup}. It polls this consumer, so the two may not be used in turns: a poll's records
   * that the iterator has not returned are lost to others.
   */
  default Iterator<ConsumerRecord> iterator() {
    return new RecordIterator(this);
  }

  /**
   * The records up to where the assigned partitions end now, and then no more; {@link #wakeup} ends
   * it early. Records that are written meanwhile are not returned, and the position is behind the
   * last one returned. Otherwise as {@link #iterator}.
   */
  default Iterator<ConsumerRecord> untilEnd() {
    return new BoundedRecordIterator(this, endOffsets(assignment()));
  }

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
