// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.record.RecordBatch;

/**
 * Whose clock gives a topic's records their times, and how far producers' clocks may be off
 * (KIP-937).
 *
 * @param appendTime {@code message.timestamp.type=LogAppendTime}: the broker's
 * @param beforeMaxMs {@code message.timestamp.before.max.ms}: how long ago a producer's time may be
 * @param afterMaxMs {@code message.timestamp.after.max.ms}: how far ahead it may be
 */
public record TimestampRules(boolean appendTime, long beforeMaxMs, long afterMaxMs) {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** The producer's clock, whatever it says. */
  public static final TimestampRules DEFAULT = new TimestampRules(false, UNLIMITED, UNLIMITED);

  /**
   * Whether the records themselves have to be looked at. What is ahead of time shows in the header:
   * whoever hides it there has no more of it than the record's own field, which nothing goes by.
   */
  boolean needRecordsOf(RecordBatch batch, long nowMs) {
    return !appendTime
        && (beforeMaxMs != UNLIMITED
            || (afterMaxMs != UNLIMITED && !allows(batch.maxTimestampMs(), nowMs)));
  }

  /** Whether a producer may have given a record that time. */
  boolean allows(long timestampMs, long nowMs) {
    if (appendTime || timestampMs == RecordBatch.NO_TIMESTAMP) {
      return true;
    }
    return timestampMs <= nowMs
        ? nowMs - timestampMs <= beforeMaxMs
        : timestampMs - nowMs <= afterMaxMs;
  }

  /** Makes the batch say whose clock its times are of. */
  void stamp(RecordBatch batch, long nowMs) {
    if (appendTime) {
      batch.stampAppendTime(nowMs);
    } else if (batch.hasLogAppendTime()) {
      // Only a broker may say so.
      batch.clearAppendTime();
    }
  }
}
