// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import io.jangada.client.Consumer;
import io.jangada.client.OffsetAndTimestamp;
import io.jangada.common.TopicPartition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where reading starts in each partition: what {@code --from} says. */
public sealed interface StartPosition {
  /** At the oldest record. */
  record Beginning() implements StartPosition {}

  /** At the next record to be written. */
  record End() implements StartPosition {}

  /** At that offset. */
  record At(long offset) implements StartPosition {}

  /** So many records before the end, or at the oldest where there are fewer. */
  record Last(long records) implements StartPosition {}

  /** At the first record of that time or later. */
  record Since(long timestampMs) implements StartPosition {}

  /**
   * The offset to start from in each partition.
   *
   * @param ends the partitions' end offsets
   */
  default Map<TopicPartition, Long> offsets(Consumer consumer, Map<TopicPartition, Long> ends) {
    Set<TopicPartition> partitions = ends.keySet();
    return switch (this) {
      case Beginning() -> consumer.beginningOffsets(partitions);
      case End() -> ends;
      case At(long offset) -> all(partitions, offset);
      case Last(long records) -> {
        Map<TopicPartition, Long> offsets = new HashMap<>(consumer.beginningOffsets(partitions));
        offsets.replaceAll(
            (partition, begin) -> Math.max(begin, ends.getOrDefault(partition, 0L) - records));
        yield offsets;
      }
      case Since(long timestampMs) -> {
        Map<TopicPartition, Long> offsets = new HashMap<>(ends);
        Map<TopicPartition, OffsetAndTimestamp> found =
            consumer.offsetsForTimes(all(partitions, timestampMs));
        found.forEach((partition, at) -> offsets.put(partition, at.offset()));
        yield offsets;
      }
    };
  }

  private static Map<TopicPartition, Long> all(Set<TopicPartition> partitions, long value) {
    Map<TopicPartition, Long> values = new HashMap<>();
    partitions.forEach(partition -> values.put(partition, value));
    return values;
  }

  /** Reads what people write behind {@code --from}. */
  final class Converter implements ITypeConverter<StartPosition> {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    @Override
    public StartPosition convert(String text) {
      if (text.equals("beginning") || text.equals("earliest")) {
        return new Beginning();
      }
      if (text.equals("end") || text.equals("latest")) {
        return new End();
      }
      if (NUMBER.matcher(text).matches()) {
        return new At(Long.parseLong(text));
      }
      if (text.startsWith("-") && NUMBER.matcher(text.substring(1)).matches()) {
        return new Last(Long.parseLong(text.substring(1)));
      }
      if (text.startsWith("@") && NUMBER.matcher(text.substring(1)).matches()) {
        return new Since(Long.parseLong(text.substring(1)));
      }
      return new Since(instant(text).toEpochMilli());
    }

    private static Instant instant(String text) {
      try {
        return text.length() == "2026-01-31".length()
            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
            : OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "expected beginning, end, an offset, -N or a time such as 2026-01-31T12:00:00Z or"
                + " @1767225600000, but got '"
                + text
                + "'");
      }
    }
  }
}
