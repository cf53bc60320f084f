// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.DataSize;
import io.jangada.common.Durations;
import java.util.List;

/** What may be set for a {@link SettingKey}. */
public sealed interface SettingValue {
  /** A number. */
  record OfNumber(long min, long max) implements SettingValue {}

  /** A data size such as {@code 64MiB}. */
  record OfSize(DataSize min, DataSize max) implements SettingValue {}

  /** A duration such as {@code 10s}. */
  record OfTime(long minMs, long maxMs) implements SettingValue {}

  /** One of some words. */
  record OfWord(List<String> words) implements SettingValue {
    /** Copies the list. */
    public OfWord {
      words = List.copyOf(words);
    }
  }

  /** A number in that range. */
  static SettingValue number(long min, long max) {
    return new OfNumber(min, max);
  }

  /** A data size in that range. */
  static SettingValue size(DataSize min, DataSize max) {
    return new OfSize(min, max);
  }

  /** A duration in that range. */
  static SettingValue time(long minMs, long maxMs) {
    return new OfTime(minMs, maxMs);
  }

  /** One of those words. */
  static SettingValue word(List<String> words) {
    return new OfWord(words);
  }

  /** Whether the text is such a value. */
  default boolean accepts(String text) {
    try {
      return switch (this) {
        case OfNumber(long min, long max) -> {
          long number = Long.parseLong(text.strip());
          yield min <= number && number <= max;
        }
        case OfSize(DataSize min, DataSize max) -> {
          DataSize size = DataSize.parse(text);
          yield min.compareTo(size) <= 0 && size.compareTo(max) <= 0;
        }
        case OfTime(long minMs, long maxMs) -> {
          long timeMs = Durations.parseMs(text);
          yield minMs <= timeMs && timeMs <= maxMs;
        }
        case OfWord(List<String> words) -> words.contains(text.strip());
      };
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  /** What is accepted, for people: "a number in 1..100". */
  default String expected() {
    return switch (this) {
      case OfNumber(long min, long max) -> "a number in " + min + ".." + max;
      case OfSize(DataSize min, DataSize max) ->
          "a data size in " + min + ".." + max + " such as 64KiB, 512MiB, 10GB";
      case OfTime(long minMs, long maxMs) ->
          "a duration in "
              + Durations.formatMs(minMs)
              + ".."
              + Durations.formatMs(maxMs)
              + " such as 500ms, 10s, 5m, 1h, 7d";
      case OfWord(List<String> words) -> "one of " + String.join(", ", words);
    };
  }
}
