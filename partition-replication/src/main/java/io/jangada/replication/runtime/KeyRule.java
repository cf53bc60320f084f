// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.record.RecordBatch;
import io.jangada.record.RecordCursor;
import io.jangada.replication.core.AppendResult.InvalidRecord;
import java.util.ArrayList;
import java.util.List;

/** Records of a compacted topic have keys. */
final class KeyRule {
  /** Of memory for one batch; no honest one of the size that topics take comes near. */
  private static final int MAX_DECOMPRESSED_BYTES = 16 << 20;

  private KeyRule() {}

  /**
   * The records that have none; takes no memory for those that do.
   *
   * @throws io.jangada.common.JangadaException CORRUPT_MESSAGE if the records are not what the
   *     header says
   */
  static List<InvalidRecord> keyless(RecordBatch batch) {
    List<InvalidRecord> keyless = List.of();
    RecordCursor records = RecordCursor.of(batch, MAX_DECOMPRESSED_BYTES);
    for (int index = 0; records.next(); index++) {
      if (records.keyLength() == RecordCursor.NO_KEY) {
        keyless = keyless.isEmpty() ? new ArrayList<>() : keyless;
        keyless.add(
            new InvalidRecord(
                index, "expected a key, as the topic is compacted, but the record has none"));
        if (keyless.size() == AppendRules.MAX_INVALID_RECORDS) {
          break;
        }
      }
    }
    return keyless;
  }
}
