// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML file as dotted keys with the line each stands on. Nested maps and dotted names mean
 * the same; a list of scalars becomes a comma-joined text.
 */
final class YamlFlattener {
  private static final long MAX_FILE_BYTES = 1L << 20;

  private final Path file;
  private final Map<String, ConfigValue> values = new LinkedHashMap<>();

  private YamlFlattener(Path file) {
    this.file = file;
  }

  /**
   * The keys and values of the file, in its order.
   *
   * @throws JangadaException {@link ErrorCode#INVALID_CONFIG} if it can't be read or is no map of
   *     keys to values
   */
  static Map<String, ConfigValue> read(Path file) {
    YamlFlattener flattener = new YamlFlattener(file);
    try {
      long sizeBytes = Files.size(file);
      if (sizeBytes > MAX_FILE_BYTES) {
        throw flattener.problem("expected at most 1MiB, but it has " + sizeBytes + " bytes", null);
      }
      flattener.readDocument(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw flattener.problem(
          "line " + e.getLocation().getLineNr() + " is not YAML: " + e.getOriginalMessage(), e);
    } catch (NoSuchFileException e) {
      throw flattener.problem("there is no such file", e);
    } catch (IOException e) {
      throw flattener.problem("it can't be read: " + e.getMessage(), e);
    }
    return flattener.values;
  }

  private void readDocument(byte[] content) throws IOException {
    YAMLFactory factory =
        YAMLFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    try (JsonParser parser = factory.createParser(content)) {
      @Nullable JsonToken first = parser.nextToken();
      if (first == null) {
        return;
      }
      if (first != JsonToken.START_OBJECT) {
        throw at(parser, "expected 'key: value' lines, but found " + describe(parser));
      }
      readMap(parser, "");
      if (parser.nextToken() != null) {
        throw at(parser, "expected one document, but found a second one");
      }
    }
  }

  private void readMap(JsonParser parser, String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = prefix + parser.currentName();
      int line = parser.currentTokenLocation().getLineNr();
      switch (parser.nextToken()) {
        case START_OBJECT -> readMap(parser, key + ".");
        case START_ARRAY -> put(key, String.join(",", readList(parser, key)), line);
        case VALUE_NULL -> put(key, "", line);
        default -> put(key, parser.getText(), line);
      }
    }
  }

  private List<String> readList(JsonParser parser, String key) throws IOException {
    List<String> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isScalarValue()) {
        throw at(
            parser, "expected plain values in the list " + key + ", but found " + describe(parser));
      }
      elements.add(parser.getText());
    }
    return elements;
  }

  private void put(String key, String text, int line) {
    String source = file.getFileName() + ":" + line;
    @Nullable ConfigValue earlier = values.putIfAbsent(key, new ConfigValue(text, source));
    if (earlier != null) {
      throw problem(key + " stands at " + earlier.source() + " and again at " + source, null);
    }
  }

  private static String describe(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "a map";
      case START_ARRAY -> "a list";
      default -> "'" + parser.getText() + "'";
    };
  }

  private JangadaException at(JsonParser parser, String what) {
    return problem("line " + parser.currentTokenLocation().getLineNr() + ": " + what, null);
  }

  private JangadaException problem(String what, @Nullable Throwable cause) {
    return new JangadaException(
        ErrorCode.INVALID_CONFIG,
        "configuration file " + file + ": " + what,
        "docs/CONFIGURATION.md shows a whole file and every key",
        true,
        cause);
  }
}
