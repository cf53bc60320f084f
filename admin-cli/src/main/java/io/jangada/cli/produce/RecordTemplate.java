// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.client.ProducerRecord;
import io.jangada.record.RecordHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the options say of every record. Immutable. */
final class RecordTemplate {
  private final String topic;
  private final int partition;
  private final byte @Nullable [] key;
  private final List<RecordHeader> headers;

  /**
   * The options' values.
   *
   * @param partition or {@link ProducerRecord#ANY_PARTITION}
   * @param key of every record that brings none, or null
   */
  RecordTemplate(String topic, int partition, @Nullable String key, List<RecordHeader> headers) {
    this.topic = topic;
    this.partition = partition;
    this.key = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    this.headers = List.copyOf(headers);
  }

  /** A record of now, with the template's headers. */
  ProducerRecord record(byte @Nullable [] ownKey, byte @Nullable [] value) {
    return record(ownKey, value, ProducerRecord.ANY_PARTITION, ProducerRecord.NOW, List.of());
  }

  /** A record that brings more of its own; the partition of the options wins. */
  ProducerRecord record(
      byte @Nullable [] ownKey,
      byte @Nullable [] value,
      int ownPartition,
      long timestampMs,
      List<RecordHeader> ownHeaders) {
    List<RecordHeader> all = headers;
    if (!ownHeaders.isEmpty()) {
      all = new ArrayList<>(headers);
      all.addAll(ownHeaders);
    }
    return new ProducerRecord(
        topic,
        partition == ProducerRecord.ANY_PARTITION ? ownPartition : partition,
        timestampMs,
        ownKey == null ? key : ownKey,
        value,
        all);
  }
}
