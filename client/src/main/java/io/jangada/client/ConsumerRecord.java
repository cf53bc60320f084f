// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.TopicPartition;
import io.jangada.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read. Key and value are read-only views that keep their batch in memory: copy
 * what is kept for long.
 *
 * @param topicPartition where it was
 * @param offset its place there
 * @param leaderEpoch the epoch of the leader that wrote it
 * @param timestampMs milliseconds since the Unix epoch
 * @param key null where there is none
 * @param value null for a tombstone
 * @param headers in the order in which they were written
 */
public record ConsumerRecord(
    TopicPartition topicPartition,
    long offset,
    int leaderEpoch,
    long timestampMs,
    @Nullable ByteBuffer key,
    @Nullable ByteBuffer value,
    List<RecordHeader> headers) {

  /** The key as text in UTF-8, or null. */
  public @Nullable String keyUtf8() {
    return utf8(key);
  }

  /** The value as text in UTF-8, or null. */
  public @Nullable String valueUtf8() {
    return utf8(value);
  }

  /** A copy of the key, or null. */
  public byte @Nullable [] keyBytes() {
    return bytes(key);
  }

  /** A copy of the value, or null. */
  public byte @Nullable [] valueBytes() {
    return bytes(value);
  }

  private static @Nullable String utf8(@Nullable ByteBuffer buffer) {
    return buffer == null ? null : StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
