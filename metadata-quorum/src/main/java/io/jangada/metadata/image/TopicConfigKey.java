// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
      3600 * 1000L,
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
      "Whether a replica that lacks acknowledged records may lead when no other is left."),
  /** What goes. */
  CLEANUP_POLICY(
      "cleanup.policy",
      "delete",
      List.of("delete", "compact"),
      "How records go: whole segments by retention.ms and retention.bytes (delete), each record"
          + " that has a newer one of the same key (compact), or both (compact,delete). Records"
          + " of a compacted topic must have keys."),
  /** Of tombstones. */
  DELETE_RETENTION_MS(
      "delete.retention.ms",
      24 * 3600 * 1000L,
      0,
      Long.MAX_VALUE,
      "How long, in milliseconds, a record without a value stays after it was first compacted, so"
          + " that readers who are behind learn that its key is deleted."),
  /** Of young records. */
  MIN_COMPACTION_LAG_MS(
      "min.compaction.lag.ms",
      0,
      0,
      Long.MAX_VALUE,
      "How old a record has to be, in milliseconds, to be compacted."),
  /** Of old ones. */
  MAX_COMPACTION_LAG_MS(
      "max.compaction.lag.ms",
      Long.MAX_VALUE,
      1,
      Long.MAX_VALUE,
      "A log whose oldest record that was not compacted yet is older, in milliseconds, is compacted"
          + " whatever min.cleanable.dirty.ratio says; segments are closed in time for that."),
  /** When it is worth it. */
  MIN_CLEANABLE_DIRTY_RATIO(
      "min.cleanable.dirty.ratio",
      "How much of a log has to be new since it was last compacted, of 1, for the next time.");

  private final String key;
  private final String defaultValue;

  /** Of numbers. */
  private final long min;

  private final long max;

  /** Of words: the one that is not the default; of numbers empty. */
  private final String otherWord;

  /** Of lists: what may be in them, with commas between; otherwise empty. */
  private final String elements;

  private final String meaning;

  TopicConfigKey(String key, long defaultValue, long min, long max, String meaning) {
    this.key = key;
    this.defaultValue = Long.toString(defaultValue);
    this.min = min;
    this.max = max;
    this.otherWord = "";
    this.elements = "";
    this.meaning = meaning;
  }

  /** A ratio. */
  TopicConfigKey(String key, String meaning) {
    this.key = key;
    this.defaultValue = "0.5";
    this.min = 0;
    this.max = 1;
    this.otherWord = "";
    this.elements = "";
    this.meaning = meaning;
  }

  TopicConfigKey(String key, String defaultValue, List<String> elements, String meaning) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.min = 0;
    this.max = 0;
    this.otherWord = "";
    this.elements = String.join(",", elements);
    this.meaning = meaning;
  }

  TopicConfigKey(String key, String defaultValue, String otherWord, String meaning) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.otherWord = otherWord;
    this.elements = "";
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
    if (!elements.isEmpty()) {
      return elementsOf(elements).containsAll(elementsOf(value));
    }
    try {
      if (isRatio()) {
        double ratio = Double.parseDouble(value);
        return min <= ratio && ratio <= max;
      }
      long number = Long.parseLong(value);
      return min <= number && number <= max;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** What may be set, for people. */
  public String expected() {
    if (!elements.isEmpty()) {
      return elements.replace(",", ", ") + ", or " + elements;
    }
    return otherWord.isEmpty()
        ? "a number from " + min + " to " + max
        : defaultValue + " or " + otherWord;
  }

  private boolean isRatio() {
    return max == 1;
  }

  /** What is in a list; an empty element counts as one. */
  private static List<String> elementsOf(String value) {
    return Arrays.stream(value.toLowerCase(Locale.ROOT).split(",", -1)).map(String::strip).toList();
  }

  /** Whether what is set, or the default, has that element. */
  boolean contains(Map<String, String> configs, String element) {
    return elementsOf(in(configs)).contains(element);
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
