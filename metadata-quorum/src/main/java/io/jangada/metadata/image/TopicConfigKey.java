// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic's configuration, key by key, under Kafka's names where Kafka has the concept: the one
 * declaration of name, default and what is accepted. Immutable.
 */
public enum TopicConfigKey {
  /** {@link #meaning} says what; set at the creation by the replication factor. */
  MIN_INSYNC_REPLICAS(
      "min.insync.replicas",
      1,
      1,
      Short.MAX_VALUE,
      "How many in-sync replicas it takes to commit a record. A new topic gets 2 if it has three"
          + " replicas or more, else 1."),
  /** In bytes. */
  MAX_MESSAGE_BYTES(
      "max.message.bytes",
      1_048_588,
      0,
      Integer.MAX_VALUE,
      "The largest record batch in bytes, as it comes; log.max-batch-size bounds it too."),
  /** In bytes. */
  SEGMENT_BYTES(
      "segment.bytes",
      512 * 1024 * 1024,
      4 * 1024,
      Integer.MAX_VALUE,
      "A log segment is rolled at this size in bytes."),
  /** In milliseconds. */
  SEGMENT_MS(
      "segment.ms",
      7 * 24 * 3600 * 1000L,
      1,
      Long.MAX_VALUE,
      "A log segment that is older, in milliseconds, gets no more records."),
  /** In milliseconds. */
  RETENTION_MS(
      "retention.ms",
      7 * 24 * 3600 * 1000L,
      -1,
      Long.MAX_VALUE,
      "How long records are kept, in milliseconds; -1 = for ever."),
  /** In bytes. */
  RETENTION_BYTES(
      "retention.bytes",
      -1,
      -1,
      Long.MAX_VALUE,
      "How many bytes of each partition are kept; -1 = all."),
  /** Whose clock. */
  MESSAGE_TIMESTAMP_TYPE(
      "message.timestamp.type",
      "CreateTime",
      "LogAppendTime",
      "Whose clock gives records their times: the producer's (CreateTime) or the broker's when it"
          + " appends them (LogAppendTime)."),
  /** In milliseconds. */
  MESSAGE_TIMESTAMP_BEFORE_MAX_MS(
      "message.timestamp.before.max.ms",
      Long.MAX_VALUE,
      0,
      Long.MAX_VALUE,
      "How long ago, in milliseconds, the time that a producer gives a record may be. A limit has"
          + " the broker look at every record."),
  /** In milliseconds. */
  MESSAGE_TIMESTAMP_AFTER_MAX_MS(
      "message.timestamp.after.max.ms",
      Long.MAX_VALUE,
      0,
      Long.MAX_VALUE,
      "How far ahead, in milliseconds, the time that a producer gives a record may be."),
  /** On disk, or only in memory. */
  DURABILITY(
      "durability",
      "fsync",
      "memory",
      "Whether a record is on the disks, or only in the memory, of the in-sync replicas before it"
          + " is acknowledged."),
  /** Availability before durability. */
  UNCLEAN_LEADER_ELECTION(
      "unclean.leader.election.enable",
      "false",
      "true",
      "Whether a replica that lacks acknowledged records may lead when no other is left.");

  private final String key;
  private final String defaultValue;

  /** Of numbers. */
  private final long min;

  private final long max;

  /** Of words: the one that is not the default; of numbers empty. */
  private final String otherWord;

  private final String meaning;

  TopicConfigKey(String key, long defaultValue, long min, long max, String meaning) {
    this.key = key;
    this.defaultValue = Long.toString(defaultValue);
    this.min = min;
    this.max = max;
    this.otherWord = "";
    this.meaning = meaning;
  }

  TopicConfigKey(String key, String defaultValue, String otherWord, String meaning) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.otherWord = otherWord;
    this.min = 0;
    this.max = 0;
    this.meaning = meaning;
  }

  /** Its name. */
  public String key() {
    return key;
  }

  /** What it means, in a sentence or two. */
  public String meaning() {
    return meaning;
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
  public String expected() {
    return otherWord.isEmpty()
        ? "a number from " + min + " to " + max
        : defaultValue + " or " + otherWord;
  }

  /** What is set, or the default. */
  String in(Map<String, String> configs) {
    return configs.getOrDefault(key, defaultValue());
  }

  /** The key of that name, or null if there is none. */
  public static @Nullable TopicConfigKey of(String name) {
    for (TopicConfigKey each : values()) {
      if (each.key.equals(name)) {
        return each;
      }
    }
    return null;
  }
}
