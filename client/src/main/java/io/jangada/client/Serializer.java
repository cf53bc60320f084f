// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import org.jspecify.annotations.Nullable;

/**
 * Turns a key or a value into bytes. Thread-safe; what it throws fails the record. {@link Serdes}
 * has those for common types.
 *
 * @param <T> what is written
 */
@FunctionalInterface
public interface Serializer<T> {
  /**
   * The bytes, which the caller may not change afterwards.
   *
   * @param data null stays null: no key, or a tombstone; serializers are not asked
   */
  byte @Nullable [] serialize(String topic, T data);
}
