// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.replication.core.AppendResult.InvalidRecord;
import java.util.List;

/** Records of a batch are not what their topic takes; nothing was appended. */
public final class InvalidRecordsException extends JangadaException {
  private static final long serialVersionUID = 1L;

  private final transient List<InvalidRecord> records;

  /**
   * The append was not made.
   *
   * @param code INVALID_RECORD or INVALID_TIMESTAMP
   * @param records which, at least one
   */
  public InvalidRecordsException(ErrorCode code, List<InvalidRecord> records) {
    super(
        code,
        records.getFirst().message()
            + (records.size() == 1 ? "" : "; and " + (records.size() - 1) + " more"),
        "send what the topic's configuration allows: jangada topic describe shows it");
    this.records = List.copyOf(records);
  }

  /** Which, and why. */
  public List<InvalidRecord> records() {
    return records;
  }
}
