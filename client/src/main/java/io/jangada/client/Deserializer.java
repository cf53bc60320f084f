// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.nio.ByteBuffer;

/**
 * Turns the bytes of a key or a value into what they mean. Called on the thread that polls; {@link
 * Serdes} has those for common types.
 *
 * @param <T> what is read
 */
@FunctionalInterface
public interface Deserializer<T> {
  /**
   * What the bytes mean. Null bytes stay null; deserializers are not asked.
   *
   * @param data read-only; may be read in any way
   * @throws RuntimeException if they mean nothing; the consumer's position stays before the record
   */
  T deserialize(String topic, ByteBuffer data);
}
