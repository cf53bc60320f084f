// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;

/** Our settings under the names that Kafka's coordinator knows. */
final class CoordinatorConfigs {
  private CoordinatorConfigs() {}

  static Map<String, Object> of(GroupSettings settings) {
    GroupSettings.Classic classic = settings.classic();
    GroupSettings.Consumer consumer = settings.consumer();
    Map<String, Object> configs = new HashMap<>();
    configs.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, settings.threads());
    configs.put(GroupCoordinatorConfig.GROUP_MAX_SIZE_CONFIG, settings.maxSize());
    configs.put(GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SIZE_CONFIG, settings.maxSize());
    configs.put(
        GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG,
        millis(classic.initialRebalanceDelay()));
    configs.put(
        GroupCoordinatorConfig.GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG,
        millis(classic.minSessionTimeout()));
    configs.put(
        GroupCoordinatorConfig.GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG,
        millis(classic.maxSessionTimeout()));
    configs.put(
        GroupCoordinatorConfig.OFFSETS_RETENTION_MINUTES_CONFIG,
        (int) Math.min(Integer.MAX_VALUE, Math.max(1, settings.offsetsRetention().toMinutes())));
    configs.put(
        GroupCoordinatorConfig.OFFSETS_RETENTION_CHECK_INTERVAL_MS_CONFIG,
        settings.offsetsRetentionCheckInterval().toMillis());
    session(configs, millis(consumer.sessionTimeout()));
    heartbeat(configs, millis(consumer.heartbeatInterval()));
    return configs;
  }

  /** Kafka has bounds for what is set for one group; what is set for all of them is within. */
  private static void session(Map<String, Object> configs, int timeoutMs) {
    configs.put(GroupCoordinatorConfig.CONSUMER_GROUP_SESSION_TIMEOUT_MS_CONFIG, timeoutMs);
    configs.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG,
        Math.min(timeoutMs, GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_DEFAULT));
    configs.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG,
        Math.max(timeoutMs, GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SESSION_TIMEOUT_MS_DEFAULT));
  }

  private static void heartbeat(Map<String, Object> configs, int intervalMs) {
    configs.put(GroupCoordinatorConfig.CONSUMER_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG, intervalMs);
    configs.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG,
        Math.min(
            intervalMs, GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_DEFAULT));
    configs.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MAX_HEARTBEAT_INTERVAL_MS_CONFIG,
        Math.max(
            intervalMs, GroupCoordinatorConfig.CONSUMER_GROUP_MAX_HEARTBEAT_INTERVAL_MS_DEFAULT));
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
