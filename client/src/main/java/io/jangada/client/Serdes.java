// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Serializers and deserializers of common types, with the same bytes as Kafka's own. Numbers are
 * big-endian.
 */
public final class Serdes {
  private Serdes() {}

  /** Both directions of one type. */
  public record Serde<T>(Serializer<T> serializer, Deserializer<T> deserializer) {}

  /** Text in UTF-8; bytes that are no UTF-8 are refused. */
  public static Serde<String> utf8() {
    return new Serde<>(
        (topic, text) -> text.getBytes(StandardCharsets.UTF_8), (topic, data) -> decode(data));
  }

  /** Bytes as they are; the array is not copied when it is written. */
  public static Serde<byte[]> bytes() {
    return new Serde<>(
        (topic, bytes) -> bytes,
        (topic, data) -> {
          byte[] copy = new byte[data.remaining()];
          data.get(copy);
          return copy;
        });
  }

  /** 4 bytes. */
  public static Serde<Integer> int32() {
    return new Serde<>(
        (topic, number) -> ByteBuffer.allocate(Integer.BYTES).putInt(number).array(),
        (topic, data) -> expect(data, Integer.BYTES, "a 32-bit integer").getInt());
  }

  /** 8 bytes. */
  public static Serde<Long> int64() {
    return new Serde<>(
        (topic, number) -> ByteBuffer.allocate(Long.BYTES).putLong(number).array(),
        (topic, data) -> expect(data, Long.BYTES, "a 64-bit integer").getLong());
  }

  /** 8 bytes, IEEE 754. */
  public static Serde<Double> float64() {
    return new Serde<>(
        (topic, number) -> ByteBuffer.allocate(Double.BYTES).putDouble(number).array(),
        (topic, data) -> expect(data, Double.BYTES, "a 64-bit number").getDouble());
  }

  /** The text of the UUID, as Kafka writes it. */
  public static Serde<UUID> uuid() {
    return new Serde<>(
        (topic, id) -> id.toString().getBytes(StandardCharsets.UTF_8),
        (topic, data) -> {
          String text = decode(data);
          try {
            return UUID.fromString(text);
          } catch (IllegalArgumentException e) {
            throw new JangadaException(
                ErrorCode.INVALID_REQUEST,
                "expected a UUID, but got \"" + text + "\"",
                "read the topic with another deserializer",
                true,
                e);
          }
        });
  }

  private static String decode(ByteBuffer data) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(data).toString();
    } catch (CharacterCodingException e) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected text in UTF-8, but the bytes are something else",
          "read the topic with another deserializer",
          true,
          e);
    }
  }

  private static ByteBuffer expect(ByteBuffer data, int bytes, String what) {
    if (data.remaining() != bytes) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected " + what + " of " + bytes + " bytes, but got " + data.remaining(),
          "read the topic with another deserializer");
    }
    return data;
  }
}
