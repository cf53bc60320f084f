// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.jangada.client.ProducerRecord;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.record.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every line is a JSON object as {@code consume -o json} prints it: {@code key}, {@code value}
 * (null for a tombstone; anything but text is sent as the JSON it is), {@code headers}, {@code
 * timestamp}, {@code partition}; all but {@code value} may be missing. {@code keyEncoding} and
 * {@code valueEncoding} may be {@code base64}. {@code topic} and {@code offset} are passed over.
 */
final class JsonSource implements RecordSource {
  private static final Set<String> NAMES =
      Set.of(
          "topic",
          "partition",
          "offset",
          "timestamp",
          "key",
          "keyEncoding",
          "value",
          "valueEncoding",
          "headers");

  private final ObjectReader reader = new ObjectMapper().reader();
  private final LineReader lines;
  private final RecordTemplate template;

  JsonSource(LineReader lines, RecordTemplate template) {
    this.lines = lines;
    this.template = template;
  }

  @Override
  public @Nullable ProducerRecord next() throws IOException {
    byte[] line = lines.next();
    while (line != null && isBlank(line)) {
      line = lines.next();
    }
    return line == null ? null : record(line);
  }

  private ProducerRecord record(byte[] line) throws IOException {
    JsonNode node;
    try {
      node = reader.readTree(line);
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage(), e);
    }
    if (!node.isObject() || !node.has("value")) {
      throw malformed("there is no object with a \"value\"", null);
    }
    for (String name : (Iterable<String>) node::fieldNames) {
      if (!NAMES.contains(name)) {
        throw malformed("\"" + name + "\" is not a part of a record", null);
      }
    }
    List<RecordHeader> headers = new ArrayList<>();
    node.path("headers").forEach(header -> headers.add(header(header)));
    return template.record(
        bytes(node, "key", "keyEncoding"),
        bytes(node, "value", "valueEncoding"),
        node.path("partition").asInt(ProducerRecord.ANY_PARTITION),
        node.path("timestamp").asLong(ProducerRecord.NOW),
        headers);
  }

  private RecordHeader header(JsonNode header) {
    if (!header.path("key").isTextual()) {
      throw malformed("a header has no \"key\"", null);
    }
    byte[] value = bytes(header, "value", "valueEncoding");
    return new RecordHeader(
        header.path("key").asText(), value == null ? null : ByteBuffer.wrap(value));
  }

  private byte @Nullable [] bytes(JsonNode node, String name, String encodingName) {
    JsonNode value = node.path(name);
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    String text = value.isTextual() ? value.asText() : value.toString();
    String encoding = node.path(encodingName).asText("");
    return switch (encoding) {
      case "" -> text.getBytes(StandardCharsets.UTF_8);
      case "base64" -> decode(text);
      default -> throw malformed("\"" + encodingName + "\" is \"" + encoding + "\"", null);
    };
  }

  private byte[] decode(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed("its base64 is broken", e);
    }
  }

  private CommandException malformed(String found, @Nullable Throwable cause) {
    return new CommandException(
        ExitCode.FAILED,
        "expected a record as a JSON object in every line, but in line "
            + lines.lineNumber()
            + ": "
            + found,
        "see what jangada consume -o json prints",
        cause);
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
