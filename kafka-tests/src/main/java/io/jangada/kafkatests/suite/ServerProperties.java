// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A test's {@code server.properties}, for Jangada: what brokers are started with goes by our name,
 * what is set for a cluster while it runs goes by Kafka's.
 *
 * @param ofNodes our settings of nodes
 * @param ofCluster Kafka's names of what is set for all brokers
 * @param leftOut Kafka's names of what there is nothing for
 */
record ServerProperties(
    Map<String, String> ofNodes, Map<String, String> ofCluster, Map<String, String> leftOut) {

  /** One of our keys, and how a value of Kafka's is written there. */
  private record Key(String name, UnaryOperator<String> text) {}

  private static final Map<String, Key> NODES =
      Map.ofEntries(
          same("auto.create.topics.enable", "kafka.auto-create-topics"),
          milliseconds("connections.max.idle.ms", "kafka.idle-timeout"),
          same("max.connections", "kafka.max-connections"),
          same("max.incremental.fetch.session.cache.slots", "kafka.fetch-sessions"),
          same("num.network.threads", "kafka.network-threads"),
          bytes("socket.request.max.bytes", "kafka.max-request-size"),
          milliseconds("broker.session.timeout.ms", "broker.session-timeout"),
          milliseconds("replica.lag.time.max.ms", "replication.lag-timeout"),
          same("offsets.topic.num.partitions", "groups.offsets-partitions"),
          same("offsets.topic.replication.factor", "groups.offsets-replication-factor"),
          Map.entry(
              "offsets.retention.minutes",
              new Key("groups.offsets-retention", value -> value + "m")),
          milliseconds(
              "offsets.retention.check.interval.ms", "groups.offsets-retention-check-interval"),
          milliseconds("group.initial.rebalance.delay.ms", "groups.initial-rebalance-delay"),
          milliseconds("group.min.session.timeout.ms", "groups.min-session-timeout"),
          milliseconds("group.max.session.timeout.ms", "groups.max-session-timeout"),
          same("group.max.size", "groups.max-size"),
          milliseconds("group.consumer.session.timeout.ms", "groups.consumer-session-timeout"),
          milliseconds(
              "group.consumer.heartbeat.interval.ms", "groups.consumer-heartbeat-interval"),
          same("group.coordinator.threads", "groups.threads"));

  /** What every topic gets that says nothing itself, and what topics are made with. */
  private static final Set<String> CLUSTER =
      Set.of(
          "default.replication.factor",
          "log.message.timestamp.after.max.ms",
          "log.message.timestamp.before.max.ms",
          "log.message.timestamp.type",
          "log.retention.bytes",
          "log.retention.ms",
          "log.roll.ms",
          "log.segment.bytes",
          "max.partitions.per.topic",
          "message.max.bytes",
          "min.insync.replicas",
          "num.partitions",
          "unclean.leader.election.enable");

  static ServerProperties of(Map<String, String> properties) {
    ServerProperties all = new ServerProperties(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    // Kafka's default, which tests rely on; ours is false.
    all.ofNodes.put("kafka.auto-create-topics", "true");
    properties.forEach(
        (name, value) -> {
          Key node = NODES.get(name);
          if (node != null) {
            all.ofNodes.put(node.name(), node.text().apply(value));
          } else {
            (CLUSTER.contains(name) ? all.ofCluster : all.leftOut).put(name, value);
          }
        });
    return all;
  }

  private static Map.Entry<String, Key> same(String kafka, String ours) {
    return Map.entry(kafka, new Key(ours, UnaryOperator.identity()));
  }

  private static Map.Entry<String, Key> milliseconds(String kafka, String ours) {
    return Map.entry(kafka, new Key(ours, value -> value + "ms"));
  }

  private static Map.Entry<String, Key> bytes(String kafka, String ours) {
    return Map.entry(kafka, new Key(ours, value -> value + "B"));
  }
}
