// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.Refusal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A topic's configuration, typed and with defaults. Immutable.
 *
 * @param minInsyncReplicas how many in-sync replicas it takes to commit; the replication factor
 *     bounds it (REPLICATION.md, rule 7)
 * @param maxMessageBytes the largest record batch
 * @param segmentBytes when a log segment is full
 */
public record TopicConfigs(int minInsyncReplicas, int maxMessageBytes, int segmentBytes) {
  /** Whether a record is on disk, or only in memory, before it is acknowledged. */
  public static final String DURABILITY = "durability";

  /** How many in-sync replicas it takes to commit. */
  public static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";

  /** The largest record batch in bytes. */
  public static final String MAX_MESSAGE_BYTES = "max.message.bytes";

  /** When a log segment is full, in bytes. */
  public static final String SEGMENT_BYTES = "segment.bytes";

  private static final int MAX_SUGGESTION_DISTANCE = 4;

  private enum Key {
    MIN_ISR(MIN_INSYNC_REPLICAS, 1, 1, Short.MAX_VALUE),
    MAX_BATCH(MAX_MESSAGE_BYTES, 1_048_588, 1024, 8 * 1024 * 1024),
    SEGMENT(SEGMENT_BYTES, 512 * 1024 * 1024, 4 * 1024, Integer.MAX_VALUE);

    private final String key;
    private final int defaultValue;
    private final int min;
    private final int max;

    Key(String key, int defaultValue, int min, int max) {
      this.key = key;
      this.defaultValue = defaultValue;
      this.min = min;
      this.max = max;
    }

    int in(Map<String, String> configs) {
      String value = configs.get(key);
      return value == null ? defaultValue : Integer.parseInt(value);
    }

    @Nullable Refusal check(String value) {
      try {
        int number = Integer.parseInt(value);
        if (min <= number && number <= max) {
          return null;
        }
      } catch (NumberFormatException e) {
        // Answered below, as a number out of range is.
      }
      return invalid(
          "expected "
              + key
              + " to be a number from "
              + min
              + " to "
              + max
              + ", but got "
              + quoted(value),
          "leave it out for the default, " + defaultValue);
    }
  }

  /**
   * Reads configurations that {@link #check} accepted.
   *
   * @param configs what was set, by key
   */
  public static TopicConfigs of(Map<String, String> configs) {
    return new TopicConfigs(
        Key.MIN_ISR.in(configs), Key.MAX_BATCH.in(configs), Key.SEGMENT.in(configs));
  }

  /** Why these cannot be set, or null if they can. Only what takes effect is accepted. */
  public static @Nullable Refusal check(Map<String, String> configs) {
    for (Map.Entry<String, String> config : configs.entrySet()) {
      Refusal refusal = check(config.getKey(), config.getValue());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static @Nullable Refusal check(String name, String value) {
    if (name.equals(DURABILITY)) {
      return value.equals("fsync")
          ? null
          : invalid(
              "expected durability to be fsync, the one kind this version has, but got "
                  + quoted(value),
              "leave it out: every record is on disk before it is acknowledged");
    }
    for (Key key : Key.values()) {
      if (key.key.equals(name)) {
        return key.check(value);
      }
    }
    return invalid(
        "expected a topic configuration of this version, but got " + quoted(name),
        suggestion(name));
  }

  private static String suggestion(String name) {
    String all =
        Arrays.stream(Key.values()).map(key -> key.key).collect(Collectors.joining(", "))
            + " and "
            + DURABILITY;
    return Arrays.stream(Key.values())
        .map(key -> key.key)
        .filter(known -> EditDistance.between(name, known) <= MAX_SUGGESTION_DISTANCE)
        .min(Comparator.comparingInt(known -> EditDistance.between(name, known)))
        .map(known -> "did you mean " + known + "?")
        .orElse("this version knows " + all);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static Refusal invalid(String message, String hint) {
    return new Refusal(ErrorCode.INVALID_CONFIG, message, hint);
  }
}
