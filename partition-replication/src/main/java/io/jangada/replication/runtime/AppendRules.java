// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordTimes;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.AppendResult.InvalidRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a batch has to be before its partition's thread sees it. Records are looked at, and
 * decompressed for it, only where the topic's configuration asks for that.
 */
final class AppendRules {
  /** More are not told. */
  static final int MAX_INVALID_RECORDS = 1_000;

  private AppendRules() {}

  /** Why the batch is not appended, or null if nothing is wrong with it. */
  static @Nullable AppendResult check(RecordBatch batch, TopicSettings settings, long wallClockMs) {
    int bytes = batch.sizeInBytes();
    if (bytes > settings.maxMessageBytes()) {
      return new AppendResult.Failed(
          ErrorCode.MESSAGE_TOO_LARGE,
          true,
          "expected a batch of at most "
              + settings.maxMessageBytes()
              + " bytes, but it has "
              + bytes);
    }
    try {
      batch.validateProduced();
      if (settings.timestamps().appendTime() && batch.hasLogAppendTime()) {
        return alreadyStamped(batch);
      }
      List<InvalidRecord> keyless =
          settings.cleanup().compact() ? KeyRule.keyless(batch) : List.of();
      if (!keyless.isEmpty()) {
        return new AppendResult.InvalidRecords(ErrorCode.INVALID_RECORD, keyless);
      }
      return settings.timestamps().needRecordsOf(batch, wallClockMs)
          ? checkRecords(batch, settings, wallClockMs)
          : null;
    } catch (JangadaException e) {
      return new AppendResult.Failed(e.code(), true, String.valueOf(e.getMessage()));
    }
  }

  /** Only a broker may say so. */
  private static AppendResult alreadyStamped(RecordBatch batch) {
    return new AppendResult.InvalidRecords(
        ErrorCode.INVALID_TIMESTAMP,
        IntStream.range(0, Math.clamp(batch.recordCount(), 1, MAX_INVALID_RECORDS))
            .mapToObj(
                index ->
                    new InvalidRecord(
                        index, "expected the producer's time, but it says LogAppendTime"))
            .toList());
  }

  private static @Nullable AppendResult checkRecords(
      RecordBatch batch, TopicSettings settings, long wallClockMs) {
    TimestampRules rules = settings.timestamps();
    List<InvalidRecord> late = new ArrayList<>();
    RecordTimes.visit(
        batch,
        (index, offset, timestampMs) -> {
          if (!rules.allows(timestampMs, wallClockMs)) {
            late.add(new InvalidRecord(index, outOfRange(index, timestampMs, rules, wallClockMs)));
          }
          return late.size() < MAX_INVALID_RECORDS;
        });
    return late.isEmpty()
        ? null
        : new AppendResult.InvalidRecords(ErrorCode.INVALID_TIMESTAMP, late);
  }

  private static String outOfRange(
      int index, long timestampMs, TimestampRules rules, long wallClockMs) {
    return "expected a timestamp from "
        + (wallClockMs - rules.beforeMaxMs())
        + " to "
        + (rules.afterMaxMs() > Long.MAX_VALUE - wallClockMs
            ? Long.MAX_VALUE
            : wallClockMs + rules.afterMaxMs())
        + ", but record "
        + index
        + " has "
        + timestampMs;
  }
}
