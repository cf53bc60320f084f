// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import io.jangada.metadata.image.TopicConfigKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * Kafka's names of what a broker is configured with, and ours. What Kafka has no concept of goes by
 * our name.
 */
final class BrokerConfigNames {
  /**
   * One name.
   *
   * @param kafka what Kafka calls it
   * @param ours what we call it: of a node, of the cluster, or of a topic that says nothing itself
   * @param type of its values, to Kafka's clients
   * @param unit how the values' text differs
   */
  record Name(String kafka, String ours, ConfigType type, ConfigUnit unit) {}

  private static final List<Name> NAMES = names();
  private static final Map<String, Name> BY_KAFKAS = new HashMap<>();
  private static final Map<String, List<Name>> BY_OURS = new HashMap<>();

  static {
    for (Name name : NAMES) {
      BY_KAFKAS.put(name.kafka(), name);
      BY_OURS.computeIfAbsent(name.ours(), each -> new ArrayList<>()).add(name);
    }
  }

  private BrokerConfigNames() {}

  /** All that differ in name or type. */
  static List<Name> all() {
    return NAMES;
  }

  /** What Kafka's clients mean by that name: if it is none of Kafka's, itself. */
  static Name ofKafka(String name) {
    Name known = BY_KAFKAS.get(name);
    return known != null ? known : new Name(name, name, ConfigType.STRING, ConfigUnit.SAME);
  }

  /** Under which names Kafka's clients find what we call so: one, seldom two. */
  static List<Name> ofOurs(String key) {
    List<Name> known = BY_OURS.get(key);
    return known != null ? known : List.of(new Name(key, key, ConfigType.STRING, ConfigUnit.SAME));
  }

  private static List<Name> names() {
    List<Name> names = new ArrayList<>();
    for (TopicConfigKey key : TopicConfigKey.values()) {
      names.add(
          new Name(
              TopicConfigNames.ofBroker(key.key()),
              key.key(),
              TopicConfigNames.type(key),
              ConfigUnit.SAME));
    }
    names.add(same("num.partitions", ConfigType.INT));
    names.add(same("default.replication.factor", ConfigType.INT));
    names.add(same("max.partitions.per.topic", ConfigType.INT));
    names.add(same("node.id", ConfigType.INT));
    names.add(new Name("broker.id", "node.id", ConfigType.INT, ConfigUnit.SAME));
    names.add(new Name("broker.rack", "node.rack", ConfigType.STRING, ConfigUnit.SAME));
    names.add(new Name("log.dirs", "storage.log-directories", ConfigType.STRING, ConfigUnit.SAME));
    names.add(
        new Name(
            "replica.lag.time.max.ms",
            "replication.lag-timeout",
            ConfigType.LONG,
            ConfigUnit.MILLISECONDS));
    names.add(
        new Name(
            "broker.session.timeout.ms",
            "broker.session-timeout",
            ConfigType.INT,
            ConfigUnit.MILLISECONDS));
    names.add(
        new Name(
            "auto.create.topics.enable",
            "kafka.auto-create-topics",
            ConfigType.BOOLEAN,
            ConfigUnit.SAME));
    names.add(
        new Name(
            "socket.request.max.bytes",
            "kafka.max-request-size",
            ConfigType.INT,
            ConfigUnit.BYTES));
    names.add(
        new Name(
            "connections.max.idle.ms",
            "kafka.idle-timeout",
            ConfigType.LONG,
            ConfigUnit.MILLISECONDS));
    names.add(
        new Name("max.connections", "kafka.max-connections", ConfigType.INT, ConfigUnit.SAME));
    names.add(
        new Name("num.network.threads", "kafka.network-threads", ConfigType.INT, ConfigUnit.SAME));
    names.add(
        new Name(
            "max.incremental.fetch.session.cache.slots",
            "kafka.fetch-sessions",
            ConfigType.INT,
            ConfigUnit.SAME));
    names.addAll(ofGroups());
    return List.copyOf(names);
  }

  private static List<Name> ofGroups() {
    return List.of(
        new Name(
            "offsets.topic.num.partitions",
            "groups.offsets-partitions",
            ConfigType.INT,
            ConfigUnit.SAME),
        new Name(
            "offsets.topic.replication.factor",
            "groups.offsets-replication-factor",
            ConfigType.SHORT,
            ConfigUnit.SAME),
        new Name(
            "offsets.retention.check.interval.ms",
            "groups.offsets-retention-check-interval",
            ConfigType.LONG,
            ConfigUnit.MILLISECONDS),
        new Name(
            "group.initial.rebalance.delay.ms",
            "groups.initial-rebalance-delay",
            ConfigType.INT,
            ConfigUnit.MILLISECONDS),
        new Name(
            "group.min.session.timeout.ms",
            "groups.min-session-timeout",
            ConfigType.INT,
            ConfigUnit.MILLISECONDS),
        new Name(
            "group.max.session.timeout.ms",
            "groups.max-session-timeout",
            ConfigType.INT,
            ConfigUnit.MILLISECONDS),
        new Name("group.max.size", "groups.max-size", ConfigType.INT, ConfigUnit.SAME),
        new Name(
            "group.consumer.session.timeout.ms",
            "groups.consumer-session-timeout",
            ConfigType.INT,
            ConfigUnit.MILLISECONDS),
        new Name(
            "group.consumer.heartbeat.interval.ms",
            "groups.consumer-heartbeat-interval",
            ConfigType.INT,
            ConfigUnit.MILLISECONDS),
        new Name("group.coordinator.threads", "groups.threads", ConfigType.INT, ConfigUnit.SAME));
  }

  private static Name same(String name, ConfigType type) {
    return new Name(name, name, type, ConfigUnit.SAME);
  }
}
