// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import io.jangada.common.DataSize;
import io.jangada.common.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the text of a value becomes a typed one.
 *
 * @param expected what is accepted, for error messages and the reference: "a port in 0..65535"
 * @param parser throws {@link IllegalArgumentException} for anything else
 */
record ValueType<T>(String expected, Function<String, T> parser) {

  /** Whether the parser takes it. */
  boolean accepts(String text) {
    try {
      return parser.apply(text) != null;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  static ValueType<Integer> integer(String what, int min, int max) {
    return new ValueType<>(
        what + " in " + min + ".." + max,
        text -> {
          int value = Integer.parseInt(text.strip());
          return within(value, min, max);
        });
  }

  static ValueType<Duration> duration(Duration min, Duration max) {
    return new ValueType<>(
        "a duration in "
            + Durations.format(min)
            + ".."
            + Durations.format(max)
            + " such as 500ms, 10s, 5m, 1h, 7d",
        text -> within(Durations.parse(text), min, max));
  }

  static ValueType<DataSize> dataSize(DataSize min, DataSize max) {
    return new ValueType<>(
        "a data size in " + min + ".." + max + " such as 64KiB, 512MiB, 10GB",
        text -> within(DataSize.parse(text), min, max));
  }

  static ValueType<Boolean> bool() {
    return new ValueType<>(
        "true or false",
        text ->
            switch (text.strip()) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither true nor false");
            });
  }

  static ValueType<String> text(String what) {
    return new ValueType<>(
        what,
        text -> {
          if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
          }
          return text.strip();
        });
  }

  static ValueType<String> optionalText(String what) {
    return new ValueType<>(what + ", or nothing", String::strip);
  }

  static ValueType<Optional<UUID>> optionalUuid() {
    return new ValueType<>(
        "a UUID, or nothing",
        text -> {
          String stripped = text.strip();
          if (stripped.isEmpty()) {
            return Optional.empty();
          }
          UUID id = UUID.fromString(stripped);
          if (!id.toString().equalsIgnoreCase(stripped)) {
            throw new IllegalArgumentException("not in canonical form");
          }
          return Optional.of(id);
        });
  }

  static ValueType<Path> directory() {
    return new ValueType<>(
        "a directory",
        text -> {
          if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
          }
          return Path.of(text.strip());
        });
  }

  static <E extends Enum<E>> ValueType<Set<E>> setOf(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return new ValueType<>(
        "a list of at least one of: " + names,
        text -> {
          EnumSet<E> values = EnumSet.noneOf(type);
          for (String name : split(text)) {
            values.add(Enum.valueOf(type, name.toUpperCase(Locale.ROOT)));
          }
          if (values.isEmpty()) {
            throw new IllegalArgumentException("empty");
          }
          return Set.copyOf(values);
        });
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return new ValueType<>(
        "one of " + names, text -> Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT)));
  }

  static <E> ValueType<List<E>> listOf(String what, Function<String, E> element) {
    return new ValueType<>(what, text -> split(text).stream().map(element).toList());
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private static <C extends Comparable<C>> C within(C value, C min, C max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }
}
