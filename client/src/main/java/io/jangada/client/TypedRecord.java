// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.record.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to be written by a {@link TypedProducer}. Immutable as far as its content is.
 *
 * @param partition from 0, or {@link ProducerRecord#ANY_PARTITION}
 * @param timestampMs milliseconds since the Unix epoch, or {@link ProducerRecord#NOW}
 * @param key records with the same key go to the same partition; null for none
 * @param value null for a tombstone
 * @param headers in the order in which they are written
 * @param expectedOffset as {@link ProducerRecord#withExpectedOffset} says, or {@link
 *     ProducerRecord#ANY_OFFSET}
 * @param <K> keys
 * @param <V> values
 */
public record TypedRecord<K, V>(
    String topic,
    int partition,
    long timestampMs,
    @Nullable K key,
    @Nullable V value,
    List<RecordHeader> headers,
    long expectedOffset) {
  /** Copies the headers. */
  public TypedRecord {
    headers = List.copyOf(headers);
  }

  /** A record that is written wherever the log ends. */
  public TypedRecord(
      String topic,
      int partition,
      long timestampMs,
      @Nullable K key,
      @Nullable V value,
      List<RecordHeader> headers) {
    this(topic, partition, timestampMs, key, value, headers, ProducerRecord.ANY_OFFSET);
  }

  /** A record for a partition that its key decides, now. */
  public static <K, V> TypedRecord<K, V> of(String topic, @Nullable K key, @Nullable V value) {
    return new TypedRecord<>(
        topic, ProducerRecord.ANY_PARTITION, ProducerRecord.NOW, key, value, List.of());
  }

  /** A copy with these headers. */
  public TypedRecord<K, V> withHeaders(List<RecordHeader> others) {
    return new TypedRecord<>(topic, partition, timestampMs, key, value, others, expectedOffset);
  }

  /** A copy that is written only at that offset, as {@link ProducerRecord#withExpectedOffset}. */
  public TypedRecord<K, V> withExpectedOffset(long other) {
    return new TypedRecord<>(topic, partition, timestampMs, key, value, headers, other);
  }
}
