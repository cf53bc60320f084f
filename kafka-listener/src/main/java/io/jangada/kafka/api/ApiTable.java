// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Every API that is served, by its key: what clients are told is what is in here. Immutable. */
public final class ApiTable {
  private final SortedMap<Short, KafkaApi<?>> byKey = new TreeMap<>();

  /**
   * The table of these.
   *
   * @throws IllegalArgumentException if two are for the same key
   */
  public ApiTable(List<KafkaApi<?>> apis) {
    for (KafkaApi<?> api : apis) {
      if (byKey.put(api.key().id, api) != null) {
        throw new IllegalArgumentException("expected one class for " + api.key() + ", but got two");
      }
    }
  }

  /** Who answers the key, or null if nobody does. */
  public @Nullable KafkaApi<?> of(ApiKeys key) {
    return byKey.get(key.id);
  }

  /** All, by ascending key. */
  public Collection<KafkaApi<?>> all() {
    return byKey.values();
  }
}
