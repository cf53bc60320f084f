// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic's configuration, key by key, under Kafka's names where Kafka has the concept: the one
 * declaration of name, default and what is accepted. Immutable.
 */
public enum TopicConfigKey {
  /**
   * How many in-sync replicas it takes to commit; set at the creation by the replication factor.
   */
  MIN_INSYNC_REPLICAS("min.insync.replicas", 1, 1, Short.MAX_VALUE),
  /** The largest record batch in bytes. */
  MAX_MESSAGE_BYTES("max.message.bytes", 1_048_588, 1024, 8 * 1024 * 1024),
  /** When a log segment is full, in bytes. */
  SEGMENT_BYTES("segment.bytes", 512 * 1024 * 1024, 4 * 1024, Integer.MAX_VALUE),
  /** When a log segment is too old to get more, in milliseconds. */
  SEGMENT_MS("segment.ms", 7 * 24 * 3600 * 1000L, 1, Long.MAX_VALUE),
  /** How long records are kept, in milliseconds; -1 = for ever. */
  RETENTION_MS("retention.ms", 7 * 24 * 3600 * 1000L, -1, Long.MAX_VALUE),
  /** How many bytes of a partition are kept; -1 = all. */
  RETENTION_BYTES("retention.bytes", -1, -1, Long.MAX_VALUE),
  /** Whether a record is on disk, or only in memory, before it is acknowledged. */
  DURABILITY("durability", "fsync", "memory"),
  /** Whether a replica that lacks acknowledged records may lead when no other is left. */
  UNCLEAN_LEADER_ELECTION("unclean.leader.election.enable", "false", "true");

  private final String key;
  private final String defaultValue;

  /** Of numbers. */
  private final long min;

  private final long max;

  /** Of words: the one that is not the default; of numbers empty. */
  private final String otherWord;

  TopicConfigKey(String key, long defaultValue, long min, long max) {
    this.key = key;
    this.defaultValue = Long.toString(defaultValue);
    this.min = min;
    this.max = max;
    this.otherWord = "";
  }

  TopicConfigKey(String key, String defaultValue, String otherWord) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.otherWord = otherWord;
    this.min = 0;
    this.max = 0;
  }

  /** Its name. */
  public String key() {
    return key;
  }

  /** Its value where none is set. */
  public String defaultValue() {
    return defaultValue;
  }

  /** Whether the value may be set. */
  boolean accepts(String value) {
    if (!otherWord.isEmpty()) {
      return value.equals(defaultValue) || value.equals(otherWord);
    }
    try {
      long number = Long.parseLong(value);
      return min <= number && number <= max;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** What may be set, for people. */
  String expected() {
    return otherWord.isEmpty()
        ? "a number from " + min + " to " + max
        : defaultValue + " or " + otherWord;
  }

  /** What is set, or the default. */
  String in(Map<String, String> configs) {
    return configs.getOrDefault(key, defaultValue());
  }

  /** The key of that name, or null if there is none. */
  static @Nullable TopicConfigKey of(String name) {
    for (TopicConfigKey each : values()) {
      if (each.key.equals(name)) {
        return each;
      }
    }
    return null;
  }
}
