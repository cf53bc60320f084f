// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads records whose keys and values are objects, through a {@link Consumer} that it owns. For one
 * thread at a time, as that is.
 *
 * @param <K> keys
 * @param <V> values
 */
public final class TypedConsumer<K, V> implements AutoCloseable {
  private final Consumer consumer;
  private final Deserializer<K> keys;
  private final Deserializer<V> values;

  /** A typed face of a consumer, which is closed with it. */
  public TypedConsumer(Consumer consumer, Deserializer<K> keys, Deserializer<V> values) {
    this.consumer = consumer;
    this.keys = keys;
    this.values = values;
  }

  /** The consumer itself, to assign, seek, pause and wake up; do not close it. */
  public Consumer consumer() {
    return consumer;
  }

  /**
   * As {@link Consumer#poll}.
   *
   * @throws JangadaException CORRUPT_MESSAGE where a record cannot be deserialized: those before it
   *     are returned first, then each call throws until somebody seeks over it
   */
  public List<Received<K, V>> poll(Duration timeout) {
    List<ConsumerRecord> polled = consumer.poll(timeout);
    List<Received<K, V>> received = new ArrayList<>(polled.size());
    for (int i = 0; i < polled.size(); i++) {
      try {
        received.add(received(polled.get(i)));
      } catch (JangadaException e) {
        goBack(polled.subList(i, polled.size()));
        if (received.isEmpty()) {
          throw e;
        }
        return received;
      }
    }
    return received;
  }

  @Override
  public void close() {
    consumer.close();
  }

  /**
   * A record that was read.
   *
   * @param raw as it was read: where it was, when, and its headers
   * @param key null where there is none
   * @param value null for a tombstone
   * @param <K> keys
   * @param <V> values
   */
  public record Received<K, V>(ConsumerRecord raw, @Nullable K key, @Nullable V value) {}

  private Received<K, V> received(ConsumerRecord record) {
    return new Received<>(
        record,
        data("key", keys, record, record.key()),
        data("value", values, record, record.value()));
  }

  private static <T> @Nullable T data(
      String what, Deserializer<T> deserializer, ConsumerRecord record, @Nullable ByteBuffer data) {
    if (data == null) {
      return null;
    }
    try {
      return deserializer.deserialize(record.topicPartition().topic(), data.asReadOnlyBuffer());
    } catch (RuntimeException e) {
      throw new JangadaException(
          ErrorCode.CORRUPT_MESSAGE,
          "expected the "
              + what
              + " at "
              + record.topicPartition()
              + " offset "
              + record.offset()
              + " to be what its deserializer reads, but "
              + e.getMessage(),
          "seek to offset " + (record.offset() + 1) + " to pass it over",
          true,
          e);
    }
  }

  /** Reads again, from the first of each partition on. */
  private void goBack(List<ConsumerRecord> unread) {
    Map<TopicPartition, Long> first = new LinkedHashMap<>();
    unread.forEach(record -> first.putIfAbsent(record.topicPartition(), record.offset()));
    first.forEach(consumer::seek);
  }
}
