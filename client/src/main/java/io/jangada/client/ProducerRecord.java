// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.record.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to be written. Immutable as far as its arrays are left alone: they are not copied, and
 * are read until {@code send} returns.
 */
public final class ProducerRecord {
  /** Lets the partitioner choose. */
  public static final int ANY_PARTITION = -1;

  /** Lets the producer use its clock. */
  public static final long NOW = -1;

  /** Appends wherever the log ends. */
  public static final long ANY_OFFSET = -1;

  private final String topic;
  private final int partition;
  private final long timestampMs;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<RecordHeader> headers;
  private final long expectedOffset;

  /**
   * The general form.
   *
   * @param partition from 0, or {@link #ANY_PARTITION}
   * @param timestampMs milliseconds since the Unix epoch, or {@link #NOW}
   * @param key records with the same key go to the same partition; null for none
   * @param value null for a tombstone
   */
  public ProducerRecord(
      String topic,
      int partition,
      long timestampMs,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers) {
    this(topic, partition, timestampMs, key, value, headers, ANY_OFFSET);
  }

  private ProducerRecord(
      String topic,
      int partition,
      long timestampMs,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      long expectedOffset) {
    this.topic = topic;
    this.partition = partition;
    this.timestampMs = timestampMs;
    this.key = key;
    this.value = value;
    this.headers = List.copyOf(headers);
    this.expectedOffset = expectedOffset;
  }

  /** A record for a partition that its key decides, now. */
  public static ProducerRecord of(String topic, byte @Nullable [] key, byte @Nullable [] value) {
    return new ProducerRecord(topic, ANY_PARTITION, NOW, key, value, List.of());
  }

  /** A record for a given partition, now. */
  public static ProducerRecord of(
      String topic, int partition, byte @Nullable [] key, byte @Nullable [] value) {
    return new ProducerRecord(topic, partition, NOW, key, value, List.of());
  }

  /** A copy with these headers; key and value are the same arrays. */
  public ProducerRecord withHeaders(List<RecordHeader> others) {
    return new ProducerRecord(topic, partition, timestampMs, key, value, others, expectedOffset);
  }

  /** A copy for a given partition, or {@link #ANY_PARTITION}. */
  public ProducerRecord withPartition(int other) {
    return new ProducerRecord(topic, other, timestampMs, key, value, headers, expectedOffset);
  }

  /** A copy with a time of its own in milliseconds since the Unix epoch, or {@link #NOW}. */
  public ProducerRecord withTimestampMs(long other) {
    return new ProducerRecord(topic, partition, other, key, value, headers, expectedOffset);
  }

  /**
   * A copy that is written only at that offset (compare and set): if the partition's log ends
   * elsewhere, nothing is written and the send fails with {@link UnexpectedOffsetException}. The
   * record must name its partition, and the producer must want acknowledgements. Records that are
   * sent one after the other, each expecting the offset after the one before, may be written
   * together, and then all of them or none.
   *
   * @param other from 0, or {@link #ANY_OFFSET}
   */
  public ProducerRecord withExpectedOffset(long other) {
    return new ProducerRecord(topic, partition, timestampMs, key, value, headers, other);
  }

  /** The topic's name. */
  public String topic() {
    return topic;
  }

  /** From 0, or {@link #ANY_PARTITION}. */
  public int partition() {
    return partition;
  }

  /** Milliseconds since the Unix epoch, or {@link #NOW}. */
  public long timestampMs() {
    return timestampMs;
  }

  /** The key; not a copy. */
  public byte @Nullable [] key() {
    return key;
  }

  /** The value; not a copy. */
  public byte @Nullable [] value() {
    return value;
  }

  /** The offset that it has to get, or {@link #ANY_OFFSET}. */
  public long expectedOffset() {
    return expectedOffset;
  }

  /** Whether it is written at one offset only. */
  public boolean conditional() {
    return expectedOffset != ANY_OFFSET;
  }

  /** In the order in which they are written. */
  public List<RecordHeader> headers() {
    return headers;
  }
}
