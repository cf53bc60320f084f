// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.DataSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting of the cluster or of its brokers that changes while they run: the one declaration of
 * name, level and what is accepted. The cluster's defaults for topics are {@link TopicConfigKey}s.
 * Immutable.
 */
public enum SettingKey {
  /** Partitions of a new topic that does not say. */
  NUM_PARTITIONS("num.partitions", Level.CLUSTER),
  /** Replicas of a new topic that does not say. */
  DEFAULT_REPLICATION_FACTOR("default.replication.factor", Level.CLUSTER),
  /** The most partitions that a topic may be created with. */
  MAX_PARTITIONS_PER_TOPIC("max.partitions.per.topic", Level.CLUSTER),

  /** Record bytes of unanswered produce requests. */
  PRODUCES_IN_FLIGHT("broker.produces-in-flight", Level.BROKER),
  /** Reads that wait for new records. */
  PARKED_READS("broker.parked-reads", Level.BROKER),
  /** When others lead in the place of a broker whose disk stalls. */
  DISK_STALL_TIMEOUT("broker.disk-stall-timeout", Level.BROKER),
  /** When a replica that is behind leaves the in-sync replicas. */
  REPLICATION_LAG_TIMEOUT("replication.lag-timeout", Level.BROKER),
  /** The largest record batch. */
  MAX_BATCH_SIZE("log.max-batch-size", Level.BROKER),
  /** How much the log says. */
  LOGGING_LEVEL("logging.level", Level.BROKER);

  /** For whom a key can be set. */
  public enum Level {
    /** For the cluster alone. */
    CLUSTER,
    /** For the cluster, meaning every broker, and for one broker. */
    BROKER
  }

  private final String key;
  private final Level level;

  SettingKey(String key, Level level) {
    this.key = key;
    this.level = level;
  }

  /** Its name. */
  public String key() {
    return key;
  }

  /** For whom it can be set. */
  public Level level() {
    return level;
  }

  /** What it means, in a sentence or two. */
  public String meaning() {
    return switch (this) {
      case NUM_PARTITIONS -> "Partitions of a new topic that does not say how many.";
      case DEFAULT_REPLICATION_FACTOR ->
          "Replicas of a new topic that does not say how many. Unset: 3, or as many as there are"
              + " brokers.";
      case MAX_PARTITIONS_PER_TOPIC -> "The most partitions that a topic may be created with.";
      case PRODUCES_IN_FLIGHT ->
          "Record bytes of unfinished produce requests; more is answered OVERLOADED.";
      case PARKED_READS -> "Reads that wait for new records; more is answered OVERLOADED.";
      case DISK_STALL_TIMEOUT ->
          "A broker whose oldest unfinished fsync is older leads no more where others can.";
      case REPLICATION_LAG_TIMEOUT ->
          "A replica that has not reached in this time what the leader had before leaves the"
              + " in-sync replicas.";
      case MAX_BATCH_SIZE ->
          "The largest record batch that is accepted, whatever a topic's max.message.bytes says.";
      case LOGGING_LEVEL -> "How much the broker's log says.";
    };
  }

  /** What may be set. */
  public SettingValue accepted() {
    return switch (this) {
      case NUM_PARTITIONS, MAX_PARTITIONS_PER_TOPIC -> SettingValue.number(1, 10_000);
      case DEFAULT_REPLICATION_FACTOR -> SettingValue.number(1, Short.MAX_VALUE);
      case PRODUCES_IN_FLIGHT ->
          SettingValue.size(DataSize.ofMebibytes(1), DataSize.ofMebibytes(64 * 1024));
      case PARKED_READS -> SettingValue.number(1, 10_000_000);
      case DISK_STALL_TIMEOUT -> SettingValue.time(100, 600_000);
      case REPLICATION_LAG_TIMEOUT -> SettingValue.time(500, 3_600_000);
      case MAX_BATCH_SIZE -> SettingValue.size(DataSize.ofKibibytes(1), DataSize.ofMebibytes(64));
      case LOGGING_LEVEL -> SettingValue.word(List.of("error", "warn", "info", "debug", "trace"));
    };
  }

  /** The key of that name, or null if there is none. */
  public static @Nullable SettingKey of(String name) {
    for (SettingKey each : values()) {
      if (each.key.equals(name)) {
        return each;
      }
    }
    return null;
  }
}
