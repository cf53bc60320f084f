// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/**
 * How far a group has read a partition.
 *
 * @param offset the next one to be read: one more than that of the last record processed
 * @param leaderEpoch of the last record processed; {@link #UNKNOWN_EPOCH} if unknown
 * @param metadata whatever the application keeps with it; may be empty
 */
public record CommittedOffset(long offset, int leaderEpoch, String metadata) {
  /** The leader epoch is not known. */
  public static final int UNKNOWN_EPOCH = -1;

  /** Checks. */
  public CommittedOffset {
    if (offset < 0) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected an offset of 0 or more, but got " + offset);
    }
  }

  /** An offset and nothing else. */
  public static CommittedOffset of(long offset) {
    return new CommittedOffset(offset, UNKNOWN_EPOCH, "");
  }

  /** Behind a record that was processed. */
  public static CommittedOffset after(ConsumerRecord record) {
    return new CommittedOffset(record.offset() + 1, record.leaderEpoch(), "");
  }
}
