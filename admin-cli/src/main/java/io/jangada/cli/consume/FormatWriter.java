// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import io.jangada.client.ConsumerRecord;
import io.jangada.record.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Prints records as a format string says: {@code %t} topic, {@code %p} partition, {@code %o}
 * offset, {@code %k} key, {@code %v} value, {@code %h} headers, {@code %T} timestamp in
 * milliseconds, {@code %d} the same as ISO time, {@code %%} a percent sign; {@code \n}, {@code \t},
 * {@code \r}, {@code \0}, {@code \\}. Keys and values are written byte by byte as they are; what is
 * not there is empty.
 */
final class FormatWriter implements RecordWriter {
  private sealed interface Part {}

  private static final class Literal implements Part {
    private final byte[] bytes;

    private Literal(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private enum Field implements Part {
    TOPIC,
    PARTITION,
    OFFSET,
    KEY,
    VALUE,
    HEADERS,
    TIMESTAMP,
    DATE
  }

  private final List<Part> parts;

  private FormatWriter(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * A writer for that format.
   *
   * @throws TypeConversionException if it has an escape that does not exist
   */
  static FormatWriter of(String format) {
    List<Part> parts = new ArrayList<>();
    ByteArrayOutputStream literal = new ByteArrayOutputStream();
    for (int i = 0; i < format.length(); ) {
      int c = format.codePointAt(i);
      i += Character.charCount(c);
      if (c != '%' && c != '\\') {
        literal.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      if (i == format.length()) {
        throw unknown(Character.toString(c));
      }
      char escape = format.charAt(i++);
      if (c == '\\') {
        literal.write(control(escape));
      } else if (escape == '%') {
        literal.write('%');
      } else {
        flush(literal, parts);
        parts.add(field(escape));
      }
    }
    flush(literal, parts);
    return new FormatWriter(parts);
  }

  private static void flush(ByteArrayOutputStream literal, List<Part> parts) {
    if (literal.size() > 0) {
      parts.add(new Literal(literal.toByteArray()));
      literal.reset();
    }
  }

  private static int control(char escape) {
    return switch (escape) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '0' -> 0;
      case '\\' -> '\\';
      default -> throw unknown("\\" + escape);
    };
  }

  private static Field field(char escape) {
    return switch (escape) {
      case 't' -> Field.TOPIC;
      case 'p' -> Field.PARTITION;
      case 'o' -> Field.OFFSET;
      case 'k' -> Field.KEY;
      case 'v' -> Field.VALUE;
      case 'h' -> Field.HEADERS;
      case 'T' -> Field.TIMESTAMP;
      case 'd' -> Field.DATE;
      default -> throw unknown("%" + escape);
    };
  }

  private static TypeConversionException unknown(String escape) {
    return new TypeConversionException(
        "expected %t %p %o %k %v %h %T %d %% \\n \\t \\r \\0 or \\\\ in a format, but got '"
            + escape
            + "'");
  }

  @Override
  public void write(ConsumerRecord record, OutputStream out) throws IOException {
    for (Part part : parts) {
      switch (part) {
        case Literal literal -> out.write(literal.bytes);
        case Field field -> write(field, record, out);
      }
    }
  }

  private static void write(Field field, ConsumerRecord record, OutputStream out)
      throws IOException {
    switch (field) {
      case TOPIC -> text(record.topicPartition().topic(), out);
      case PARTITION -> text(Integer.toString(record.topicPartition().partition()), out);
      case OFFSET -> text(Long.toString(record.offset()), out);
      case KEY -> bytes(record.key(), out);
      case VALUE -> bytes(record.value(), out);
      case HEADERS -> headers(record.headers(), out);
      case TIMESTAMP -> text(Long.toString(record.timestampMs()), out);
      case DATE -> text(Instant.ofEpochMilli(record.timestampMs()).toString(), out);
    }
  }

  private static void headers(List<RecordHeader> headers, OutputStream out) throws IOException {
    boolean first = true;
    for (RecordHeader header : headers) {
      if (!first) {
        out.write(',');
      }
      first = false;
      text(header.key(), out);
      out.write('=');
      bytes(header.value(), out);
    }
  }

  private static void text(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(@Nullable ByteBuffer bytes, OutputStream out) throws IOException {
    if (bytes == null) {
      return;
    }
    if (bytes.hasArray()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      return;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    out.write(copy);
  }

  /** Reads what stands behind {@code -f}. */
  static final class Converter implements ITypeConverter<FormatWriter> {
    @Override
    public FormatWriter convert(String format) {
      return of(format);
    }
  }
}
