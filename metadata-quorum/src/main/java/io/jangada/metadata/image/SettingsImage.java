// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * What is set for the cluster and for single brokers while they run. Immutable.
 *
 * @param byBroker what is set, by key; the cluster's under {@link SettingsChange#CLUSTER}. Who has
 *     nothing set is not in it
 */
public record SettingsImage(PSortedMap<Integer, Map<String, String>> byBroker) {
  static final SettingsImage NONE = new SettingsImage(TreePMap.empty());

  /** Who has something set. */
  public Set<Integer> brokers() {
    return byBroker.keySet();
  }

  /** What is set for the cluster, by key. */
  public Map<String, String> cluster() {
    return of(SettingsChange.CLUSTER);
  }

  /** What is set for a broker, or for {@link SettingsChange#CLUSTER}; by key. */
  public Map<String, String> of(int brokerId) {
    return byBroker.getOrDefault(brokerId, Map.of());
  }

  /** What is set for a key of a broker: its own value, else the cluster's. */
  public Optional<String> inForce(int brokerId, String key) {
    return Optional.ofNullable(of(brokerId).get(key))
        .or(() -> Optional.ofNullable(cluster().get(key)));
  }

  /**
   * A topic's configurations with the cluster's for what they leave open. How many replicas commit
   * is not left open: it was settled when the topic was created.
   */
  Map<String, String> under(Map<String, String> topic) {
    Map<String, String> cluster = cluster();
    if (cluster.isEmpty()) {
      return topic;
    }
    Map<String, String> together = new TreeMap<>(cluster);
    together.remove(TopicConfigKey.MIN_INSYNC_REPLICAS.key());
    together.putAll(topic);
    return together;
  }

  SettingsImage with(int brokerId, Map<String, String> settings) {
    return new SettingsImage(
        settings.isEmpty() ? byBroker.minus(brokerId) : byBroker.plus(brokerId, settings));
  }
}
