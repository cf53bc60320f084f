// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.Map;

/**
 * A topic to be created.
 *
 * @param name 1 to 249 characters of a-z A-Z 0-9 . _ -
 * @param partitions how many, or 0 for the cluster's default
 * @param replicationFactor how many replicas of each, or 0 for the cluster's default
 * @param configs the topic's own settings
 */
public record NewTopic(
    String name, int partitions, int replicationFactor, Map<String, String> configs) {
  /** Copies. */
  public NewTopic {
    configs = Map.copyOf(configs);
  }

  /** With the cluster's defaults. */
  public static NewTopic of(String name) {
    return new NewTopic(name, 0, 0, Map.of());
  }

  /** With these numbers. */
  public static NewTopic of(String name, int partitions, int replicationFactor) {
    return new NewTopic(name, partitions, replicationFactor, Map.of());
  }
}
