// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Record batches from and to JSON.
 *
 * <p>A list of batches, each {@code {records: [...]}} with, where they differ from the defaults,
 * {@code magic}, {@code compression}, {@code baseOffset}, {@code producerId}, {@code
 * producerEpoch}, {@code baseSequence}, {@code transactional}, {@code control}, and {@code damage}:
 * a list of {@code {at, xor}}, bytes changed after the batch was made, with {@code crc: true} to
 * make its checksum right again. A record is its value, a list of key and value, or {@code {key,
 * value, size, timestamp, headers}}.
 */
final class Batches {
  /**
   * Of the first record of a batch that says nothing else; later ones follow by the millisecond.
   */
  static final long FIRST_TIMESTAMP_MS = 1_000_000_000_000L;

  private static final int LENGTH_OFFSET = 8;
  private static final int HEADER_BEFORE_LENGTH_BYTES = 12;
  private static final int CRC_OFFSET = 17;
  private static final int ATTRIBUTES_OFFSET = 21;
  private static final int BUFFER_BYTES = 4096;

  private Batches() {}

  /** What the JSON describes. */
  static MemoryRecords records(JsonNode batches) {
    if (batches.isTextual()) {
      return MemoryRecords.readableRecords(ByteBuffer.wrap(Binder.bytes(batches.textValue())));
    }
    List<ByteBuffer> made = new ArrayList<>();
    int size = 0;
    for (JsonNode batch : batches) {
      ByteBuffer bytes = batch(batch);
      made.add(bytes);
      size += bytes.remaining();
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    made.forEach(all::put);
    return MemoryRecords.readableRecords(all.flip());
  }

  private static ByteBuffer batch(JsonNode json) {
    long baseOffset = json.path("baseOffset").asLong(0);
    boolean control = json.path("control").asBoolean(false);
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(BUFFER_BYTES),
            (byte) json.path("magic").asInt(2),
            compression(json.path("compression").asText("none")),
            TimestampType.CREATE_TIME,
            baseOffset,
            -1L,
            json.path("producerId").asLong(-1),
            (short) json.path("producerEpoch").asInt(-1),
            json.path("baseSequence").asInt(-1),
            json.path("transactional").asBoolean(false),
            control,
            -1);
    long timestampMs = FIRST_TIMESTAMP_MS;
    for (JsonNode record : json.path("records")) {
      SimpleRecord made = record(record, timestampMs++);
      if (control) {
        ByteBuffer value = made.value();
        builder.appendControlRecord(
            made.timestamp(),
            ControlRecordType.COMMIT,
            value == null ? ByteBuffer.allocate(0) : value);
      } else {
        builder.append(made);
      }
    }
    ByteBuffer bytes = builder.build().buffer().duplicate();
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    for (JsonNode damage : json.path("damage")) {
      damage(copy, damage);
    }
    return copy;
  }

  private static void damage(ByteBuffer batch, JsonNode damage) {
    int at = damage.path("at").asInt();
    batch.put(at, (byte) (batch.get(at) ^ damage.path("xor").asInt()));
    if (damage.path("crc").asBoolean(false)) {
      CRC32C crc = new CRC32C();
      crc.update(batch.duplicate().position(ATTRIBUTES_OFFSET));
      batch.putInt(CRC_OFFSET, (int) crc.getValue());
    }
  }

  private static SimpleRecord record(JsonNode json, long timestampMs) {
    if (json.isArray()) {
      return new SimpleRecord(timestampMs, bytes(json.get(0)), bytes(json.get(1)));
    } else if (!json.isObject()) {
      return new SimpleRecord(timestampMs, null, bytes(json));
    }
    byte @Nullable [] value = bytes(json.path("value"));
    if (json.has("size")) {
      value = "x".repeat(json.get("size").asInt()).getBytes(StandardCharsets.UTF_8);
    }
    List<Header> headers = new ArrayList<>();
    json.path("headers")
        .properties()
        .forEach(
            header -> headers.add(new RecordHeader(header.getKey(), bytes(header.getValue()))));
    return new SimpleRecord(
        json.path("timestamp").asLong(timestampMs),
        bytes(json.path("key")),
        value,
        headers.toArray(Header[]::new));
  }

  private static byte @Nullable [] bytes(JsonNode json) {
    return json.isNull() || json.isMissingNode() ? null : Binder.bytes(json.asText());
  }

  private static Compression compression(String name) {
    return Compression.of(CompressionType.forName(name)).build();
  }

  /** Batches as JSON; what is no whole batch at the end is counted. */
  static ArrayNode describe(@Nullable BaseRecords records) {
    ArrayNode batches = JsonNodeFactory.instance.arrayNode();
    if (!(records instanceof MemoryRecords memory)) {
      return batches;
    }
    ByteBuffer rest = memory.buffer().duplicate();
    while (rest.remaining() >= HEADER_BEFORE_LENGTH_BYTES) {
      int size = HEADER_BEFORE_LENGTH_BYTES + rest.getInt(rest.position() + LENGTH_OFFSET);
      if (size > rest.remaining()) {
        break;
      }
      ByteBuffer one = rest.slice(rest.position(), size);
      MemoryRecords.readableRecords(one).batches().forEach(batch -> batches.add(describe(batch)));
      rest.position(rest.position() + size);
    }
    if (rest.hasRemaining()) {
      batches.addObject().put("incomplete", true);
    }
    return batches;
  }

  private static ObjectNode describe(MutableRecordBatch batch) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("baseOffset", batch.baseOffset());
    json.put("lastOffset", batch.lastOffset());
    json.put("valid", batch.isValid());
    json.put("magic", batch.magic());
    json.put("compression", batch.compressionType().name);
    json.put("timestampType", batch.timestampType().name);
    json.put("maxTimestamp", batch.maxTimestamp());
    json.put("partitionLeaderEpoch", batch.partitionLeaderEpoch());
    json.put("producerId", batch.producerId());
    json.put("producerEpoch", batch.producerEpoch());
    json.put("baseSequence", batch.baseSequence());
    json.put("transactional", batch.isTransactional());
    json.put("control", batch.isControlBatch());
    ArrayNode records = json.putArray("records");
    for (Record record : batch) {
      records.add(describe(record));
    }
    return json;
  }

  private static ObjectNode describe(Record record) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("offset", record.offset());
    json.put("timestamp", record.timestamp());
    json.put("key", text(record.key()));
    json.put("value", text(record.value()));
    ObjectNode headers = json.putObject("headers");
    for (Header header : record.headers()) {
      headers.put(
          header.key(), header.value() == null ? null : text(ByteBuffer.wrap(header.value())));
    }
    return json;
  }

  private static @Nullable String text(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return null;
    }
    String text = Utils.utf8(bytes.duplicate());
    return text.length() <= 64
        ? text
        : String.format(Locale.ROOT, "%s… (%d)", text.substring(0, 8), text.length());
  }
}
