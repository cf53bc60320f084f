// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.jangada.client.ConsumerRecord;
import io.jangada.record.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Prints each record as a JSON object in a line of its own. What is not UTF-8 is written in base64
 * and said to be: {@code "valueEncoding":"base64"}. The names are a contract.
 */
final class JsonWriter implements RecordWriter {
  private final JsonFactory factory = new JsonFactory();
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final String prefix;

  /**
   * A writer of JSON lines.
   *
   * @param prefix before every object: empty, or what separates documents in YAML
   */
  JsonWriter(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public void write(ConsumerRecord record, OutputStream out) throws IOException {
    line.reset();
    line.writeBytes(prefix.getBytes(StandardCharsets.US_ASCII));
    try (JsonGenerator json = factory.createGenerator(line, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeStringField("topic", record.topicPartition().topic());
      json.writeNumberField("partition", record.topicPartition().partition());
      json.writeNumberField("offset", record.offset());
      json.writeNumberField("timestamp", record.timestampMs());
      bytes(json, "key", record.key());
      bytes(json, "value", record.value());
      json.writeArrayFieldStart("headers");
      for (RecordHeader header : record.headers()) {
        json.writeStartObject();
        json.writeStringField("key", header.key());
        bytes(json, "value", header.value());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    line.write('\n');
    line.writeTo(out);
  }

  private void bytes(JsonGenerator json, String name, @Nullable ByteBuffer bytes)
      throws IOException {
    if (bytes == null) {
      json.writeNullField(name);
      return;
    }
    try {
      json.writeStringField(name, utf8.decode(bytes.duplicate()).toString());
    } catch (CharacterCodingException e) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      json.writeStringField(name, Base64.getEncoder().encodeToString(copy));
      json.writeStringField(name + "Encoding", "base64");
    }
  }
}
