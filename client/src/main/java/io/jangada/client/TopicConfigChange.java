// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A change of a living topic's configuration; what it does not name stays as it is.
 *
 * @param topic the topic's name
 * @param set new values by key
 * @param unset keys that go back to their defaults
 */
public record TopicConfigChange(String topic, Map<String, String> set, Collection<String> unset) {
  /** Copies. */
  public TopicConfigChange {
    set = Map.copyOf(set);
    unset = List.copyOf(unset);
  }

  /** Sets one key. */
  public static TopicConfigChange set(String topic, String key, String value) {
    return new TopicConfigChange(topic, Map.of(key, value), List.of());
  }
}
