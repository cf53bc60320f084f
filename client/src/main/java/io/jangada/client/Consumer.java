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
import java.util.concurrent.CompletableFuture;

/**
 * Reads partitions that it is given, by {@link #assign} or, as a member of a group, by the group.
 * For one thread at a time; only {@link #wakeup} may be called from others.
 *
 * <p>Every record at or above the position is returned once, in the order of offsets within its
 * partition, over any change of leaders. Brokers send ahead of {@link #poll} as much as the
 * configured buffer allows. Nothing happens in the background beyond that and a group's heartbeats.
 */
public interface Consumer extends AutoCloseable {
  /**
   * Reads these partitions and no others. Those that were assigned before keep their position; new
   * ones start as configured, unless {@link #seek} says otherwise.
   *
   * @throws JangadaException INVALID_REQUEST while subscribed
   */
  void assign(Collection<TopicPartition> partitions);

  /**
   * Reads the topics as a member of a group, which shares their partitions out among its members
   * (KIP-848); those of clients of Kafka's protocol may be among them. A partition is read from
   * where the group has committed it, else from where the consumer is configured to start. Which
   * partitions it reads changes within {@link #poll}; heartbeats go on between polls. May be called
   * again with other topics.
   *
   * @param topics by name; those that do not exist yet are read once they do
   * @param listener hears of every change
   * @throws JangadaException INVALID_REQUEST while partitions are assigned by {@link #assign}
   */
  void subscribe(Collection<String> topics, GroupConfig group, RebalanceListener listener);

  /** The same, with nobody who hears of changes. */
  default void subscribe(Collection<String> topics, GroupConfig group) {
    subscribe(topics, group, RebalanceListener.NONE);
  }

  /**
   * Reads the topics whose whole name matches, those to come too, as a member of a group.
   *
   * @param topicRegex in RE2's syntax; the cluster matches it
   */
  void subscribeMatching(String topicRegex, GroupConfig group, RebalanceListener listener);

  /**
   * Leaves the group, if the consumer is in one, as {@link #close} does, and reads nothing any
   * more.
   */
  void unsubscribe();

  /**
   * Commits the positions of all partitions: every record that {@code poll} has returned counts as
   * processed. Waits until that can no longer be lost.
   *
   * @throws JangadaException INVALID_REQUEST if not subscribed; UNKNOWN_MEMBER or
   *     FENCED_MEMBER_EPOCH if the partitions are others' by now; REQUEST_TIMED_OUT, which is not
   *     definite
   */
  void commitSync();

  /** Commits these offsets instead; otherwise as {@link #commitSync()}. */
  void commitSync(Map<TopicPartition, CommittedOffset> offsets);

  /**
   * Commits the positions of all partitions without waiting. Commits of one consumer are made in
   * the order in which they were asked for, and those that wait for one another become one.
   *
   * @return completes, on a thread of the network's, when they can no longer be lost; fails as
   *     {@link #commitSync()}
   */
  CompletableFuture<Void> commitAsync();

  /** Commits these offsets instead; otherwise as {@link #commitAsync()}. */
  CompletableFuture<Void> commitAsync(Map<TopicPartition, CommittedOffset> offsets);

  /**
   * What the group has committed of these partitions; those without are left out.
   *
   * @throws JangadaException INVALID_REQUEST if not subscribed; REQUEST_TIMED_OUT
   */
  Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> partitions);

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

  /**
   * Ends the streams. A member of a group commits what was polled, if it is configured to, and
   * leaves: the others get its partitions at once. Further calls have no effect.
   */
  @Override
  void close();
}
