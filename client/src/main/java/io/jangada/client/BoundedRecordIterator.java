// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Polls up to given ends; see {@link Consumer#untilEnd}. A partition that has come to its end is
 * paused until all have.
 */
final class BoundedRecordIterator implements Iterator<ConsumerRecord> {
  /** Positions also move over what is no record, and then no poll returns. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final Consumer consumer;
  private final Map<TopicPartition, Long> ends;
  private final List<TopicPartition> paused = new ArrayList<>();
  private final Deque<ConsumerRecord> ready = new ArrayDeque<>();
  private boolean over;

  BoundedRecordIterator(Consumer consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = new HashMap<>(ends);
    finishReached();
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !over) {
      long begun = System.nanoTime();
      List<ConsumerRecord> polled = consumer.poll(TICK);
      for (ConsumerRecord record : polled) {
        if (record.offset() < ends.getOrDefault(record.topicPartition(), Long.MIN_VALUE)) {
          ready.addLast(record);
        }
      }
      finishReached();
      if (polled.isEmpty() && System.nanoTime() - begun < TICK.toNanos()) {
        end(); // woken up
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public ConsumerRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException("expected another record, but the end was reached");
    }
    return ready.removeFirst();
  }

  private void finishReached() {
    for (TopicPartition partition : List.copyOf(ends.keySet())) {
      long end = ends.getOrDefault(partition, 0L);
      long position = consumer.position(partition);
      if (position >= end) {
        ends.remove(partition);
        consumer.pause(List.of(partition));
        paused.add(partition);
        if (position > end) {
          consumer.seek(partition, end);
        }
      }
    }
    if (ends.isEmpty()) {
      end();
    }
  }

  private void end() {
    if (!over) {
      over = true;
      consumer.resume(paused);
    }
  }
}
