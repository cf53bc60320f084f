// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A batch of records with keys. */
final class KeyedBatch {
  private final RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20, Compression.NONE);

  KeyedBatch add(long timestampMs, String key, String value) {
    builder.appendBytes(timestampMs, bytes(key), bytes(value), List.of());
    return this;
  }

  /** As a producer sends it. */
  RecordBatch build() {
    return builder.build();
  }

  /** As it is in a log. */
  RecordBatch build(long offset, int epoch) {
    RecordBatch batch = builder.build();
    batch.assign(offset, epoch);
    return batch;
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
