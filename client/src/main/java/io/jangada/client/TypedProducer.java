// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes records whose keys and values are objects, through a {@link Producer} that it owns.
 * Thread-safe as far as its serializers are. All that is said of {@link Producer#send} holds; a
 * serializer that throws fails the record with INVALID_REQUEST.
 *
 * @param <K> keys
 * @param <V> values
 */
public final class TypedProducer<K, V> implements AutoCloseable {
  private final Producer producer;
  private final Serializer<K> keys;
  private final Serializer<V> values;

  /** A typed face of a producer, which is closed with it. */
  public TypedProducer(Producer producer, Serializer<K> keys, Serializer<V> values) {
    this.producer = producer;
    this.keys = keys;
    this.values = values;
  }

  /** Sends a record to the partition that its key decides, now. */
  public CompletableFuture<RecordMetadata> send(String topic, @Nullable K key, @Nullable V value) {
    return send(TypedRecord.of(topic, key, value));
  }

  /** Sends a record. */
  public CompletableFuture<RecordMetadata> send(TypedRecord<K, V> record) {
    try {
      return producer.send(serialize(record));
    } catch (JangadaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Sends a record and calls back, which costs less than a future. */
  public void send(TypedRecord<K, V> record, SendCallback callback) {
    ProducerRecord serialized;
    try {
      serialized = serialize(record);
    } catch (JangadaException e) {
      callback.completed(null, e);
      return;
    }
    producer.send(serialized, callback);
  }

  /** As {@link Producer#flush}. */
  public void flush() {
    producer.flush();
  }

  /** As {@link Producer#close(Duration)}. */
  public void close(Duration timeout) {
    producer.close(timeout);
  }

  @Override
  public void close() {
    producer.close();
  }

  private ProducerRecord serialize(TypedRecord<K, V> record) {
    K key = record.key();
    V value = record.value();
    return new ProducerRecord(
            record.topic(),
            record.partition(),
            record.timestampMs(),
            key == null ? null : bytes("key", keys, record.topic(), key),
            value == null ? null : bytes("value", values, record.topic(), value),
            record.headers())
        .withExpectedOffset(record.expectedOffset());
  }

  private static <T> byte @Nullable [] bytes(
      String what, Serializer<T> serializer, String topic, T data) {
    try {
      return serializer.serialize(topic, data);
    } catch (RuntimeException e) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a " + what + " that can be serialized, but " + e,
          "look at the record or its serializer",
          true,
          e);
    }
  }
}
