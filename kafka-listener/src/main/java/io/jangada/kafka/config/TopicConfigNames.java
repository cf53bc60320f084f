// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import io.jangada.metadata.image.ConstantTopicConfig;
import io.jangada.metadata.image.TopicConfigKey;
import java.util.Locale;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * What Kafka's clients are told of a topic's configurations besides their values: the type, and the
 * name under which the broker keeps the default (Kafka's {@code ServerTopicConfigSynonyms}).
 */
public final class TopicConfigNames {
  private TopicConfigNames() {}

  /** The type of its values. */
  static ConfigType type(TopicConfigKey key) {
    return switch (key) {
      case MIN_INSYNC_REPLICAS, MAX_MESSAGE_BYTES, SEGMENT_BYTES -> ConfigType.INT;
      case SEGMENT_MS,
          RETENTION_MS,
          RETENTION_BYTES,
          MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
          MESSAGE_TIMESTAMP_AFTER_MAX_MS,
          DELETE_RETENTION_MS,
          MIN_COMPACTION_LAG_MS,
          MAX_COMPACTION_LAG_MS ->
          ConfigType.LONG;
      case MIN_CLEANABLE_DIRTY_RATIO -> ConfigType.DOUBLE;
      case CLEANUP_POLICY -> ConfigType.LIST;
      case DURABILITY, MESSAGE_TIMESTAMP_TYPE -> ConfigType.STRING;
      case UNCLEAN_LEADER_ELECTION -> ConfigType.BOOLEAN;
    };
  }

  /** The type of its value. */
  static ConfigType type(ConstantTopicConfig key) {
    return switch (key) {
      case FOLLOWER_REPLICATION_THROTTLED_REPLICAS, LEADER_REPLICATION_THROTTLED_REPLICAS ->
          ConfigType.LIST;
      case COMPRESSION_TYPE -> ConfigType.STRING;
      case COMPRESSION_GZIP_LEVEL,
          COMPRESSION_LZ4_LEVEL,
          COMPRESSION_ZSTD_LEVEL,
          INDEX_INTERVAL_BYTES,
          SEGMENT_INDEX_BYTES ->
          ConfigType.INT;
      case FILE_DELETE_DELAY_MS,
          FLUSH_MESSAGES,
          FLUSH_MS,
          LOCAL_RETENTION_BYTES,
          LOCAL_RETENTION_MS,
          SEGMENT_JITTER_MS ->
          ConfigType.LONG;
      case PREALLOCATE,
          REMOTE_LOG_COPY_DISABLE,
          REMOTE_LOG_DELETE_ON_DISABLE,
          REMOTE_STORAGE_ENABLE ->
          ConfigType.BOOLEAN;
    };
  }

  /**
   * The text of a value as it is kept: Kafka reads numbers, truth values and lists whatever blanks
   * are around them, and truth values in any case.
   */
  public static String text(String key, String value) {
    return switch (type(key)) {
      case INT, LONG, SHORT, DOUBLE, LIST -> value.strip();
      case BOOLEAN -> value.strip().toLowerCase(Locale.ROOT);
      default -> value;
    };
  }

  /** The type of the configuration of that name; of one that there is not, a string. */
  static ConfigType type(String key) {
    TopicConfigKey chosen = TopicConfigKey.of(key);
    if (chosen != null) {
      return type(chosen);
    }
    ConstantTopicConfig constant = ConstantTopicConfig.of(key);
    return constant == null ? ConfigType.STRING : type(constant);
  }

  /**
   * Whether Kafka's brokers have a default of their own under {@link #ofBroker}: some they have in
   * other units only ({@code log.retention.hours}), some only topics have.
   */
  static boolean brokersHaveDefault(String key) {
    return switch (key) {
      case "flush.ms",
          "follower.replication.throttled.replicas",
          "leader.replication.throttled.replicas",
          "remote.log.copy.disable",
          "remote.log.delete.on.disable",
          "remote.storage.enable",
          "retention.ms",
          "segment.jitter.ms",
          "segment.ms" ->
          false;
      default -> true;
    };
  }

  /** What the broker calls the default of a topic's configuration. */
  static String ofBroker(String key) {
    return switch (key) {
      case "max.message.bytes" -> "message.max.bytes";
      case "segment.bytes" -> "log.segment.bytes";
      case "segment.ms" -> "log.roll.ms";
      case "segment.jitter.ms" -> "log.roll.jitter.ms";
      case "segment.index.bytes" -> "log.index.size.max.bytes";
      case "flush.messages" -> "log.flush.interval.messages";
      case "flush.ms" -> "log.flush.interval.ms";
      case "delete.retention.ms", "max.compaction.lag.ms", "min.compaction.lag.ms" ->
          "log.cleaner." + key;
      case "min.cleanable.dirty.ratio" -> "log.cleaner.min.cleanable.ratio";
      case "file.delete.delay.ms" -> "log.segment.delete.delay.ms";
      case "cleanup.policy",
          "index.interval.bytes",
          "local.retention.bytes",
          "local.retention.ms",
          "message.timestamp.after.max.ms",
          "message.timestamp.before.max.ms",
          "message.timestamp.type",
          "preallocate",
          "retention.bytes",
          "retention.ms" ->
          "log." + key;
      default -> key;
    };
  }
}
