// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Prints a command's answer to standard output in the format that was asked for. An answer is a
 * record whose component names are the JSON contract, and a table made from it for people. Not
 * thread-safe.
 */
public final class Printer {
  private final OutputFormat format;
  private final OutputStream out;

  /** A printer in that format to that stream, which stays open. */
  public Printer(OutputFormat format, OutputStream out) {
    this.format = format;
    this.out = out;
  }

  /** The format asked for. */
  public OutputFormat format() {
    return format;
  }

  /**
   * Prints one answer.
   *
   * @param answer what {@code -o json} and {@code -o yaml} print
   * @param table makes the table from whether all columns are wanted ({@code -o wide})
   */
  public void print(Object answer, Function<Boolean, Table> table) {
    switch (format) {
      case TABLE -> text(table.apply(false).render());
      case WIDE -> text(table.apply(true).render());
      case JSON, YAML -> text(structured(format, answer));
    }
  }

  /** Prints one answer that is text where it is not structured. */
  public void printText(Object answer, Supplier<String> text) {
    text(format.structured() ? structured(format, answer) : text.get());
  }

  /** Prints text as it is, whatever the format. */
  public void text(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer as JSON or YAML with a newline at its end. */
  static String structured(OutputFormat format, Object answer) {
    ObjectMapper mapper =
        format == OutputFormat.YAML
            ? new ObjectMapper(
                YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .build())
            : new ObjectMapper();
    mapper.configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false);
    try {
      String text = mapper.writeValueAsString(answer);
      return text.endsWith("\n") ? text : text + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot print " + answer.getClass().getName(), e);
    }
  }
}
