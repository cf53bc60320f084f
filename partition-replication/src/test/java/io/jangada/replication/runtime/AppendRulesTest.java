// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import io.jangada.record.RecordReader;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.AppendResult.InvalidRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AppendRulesTest {
  private static final long NOW_MS = 1_000_000;

  @Test
  void timesWithinTheLimitsPass() {
    TopicSettings settings = limited(1_000, 500);
    assertThat(check(batch(NOW_MS - 1_000, NOW_MS + 500), settings)).isNull();
    assertThat(check(batch(-1), settings)).isNull();
    assertThat(check(batch(0, Long.MAX_VALUE), TopicSettings.DEFAULT)).isNull();
  }

  @Test
  void eachRecordThatIsOutsideOfThemIsTold() {
    TopicSettings settings = limited(1_000, 500);
    AppendResult result =
        check(batch(NOW_MS - 1_001, NOW_MS, NOW_MS + 501, NOW_MS + 500), settings);
    assertThat(result)
        .isInstanceOfSatisfying(
            AppendResult.InvalidRecords.class,
            invalid -> {
              assertThat(invalid.code()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
              assertThat(invalid.records()).extracting(InvalidRecord::index).containsExactly(0, 2);
              assertThat(invalid.records().getFirst().message())
                  .isEqualTo(
                      "expected a timestamp from 999000 to 1000500, but record 0 has 998999");
            });
  }

  @Test
  void aLimitAheadAloneIsSeenInTheHeader() {
    TopicSettings settings = limited(TimestampRules.UNLIMITED, 500);
    assertThat(settings.timestamps().needRecordsOf(batch(0, NOW_MS + 500), NOW_MS)).isFalse();
    assertThat(check(batch(0, NOW_MS + 501), settings))
        .isInstanceOf(AppendResult.InvalidRecords.class);
  }

  @Test
  void theBrokersTimeIsInTheHeaderAlone() {
    RecordBatch batch = batch(5, 7);
    new TimestampRules(true, 0, 0).stamp(batch, NOW_MS);
    batch.validate();
    assertThat(batch.appendTimeMs()).isEqualTo(NOW_MS);
    assertThat(batch.baseTimestampMs()).isEqualTo(5);
    RecordReader records = RecordReader.of(batch);
    assertThat(records.next().timestampMs()).isEqualTo(NOW_MS);
    assertThat(records.next().timestampMs()).isEqualTo(NOW_MS);

    TimestampRules.DEFAULT.stamp(batch, NOW_MS + 1);
    batch.validate();
    assertThat(batch.hasLogAppendTime()).isFalse();
    assertThat(RecordReader.of(batch).next().timestampMs()).isEqualTo(5);
  }

  @Test
  void noTimeIsTooFarOffWhereTheBrokersIsTaken() {
    TopicSettings settings = TopicSettings.DEFAULT.withTimestamps(new TimestampRules(true, 0, 0));
    assertThat(check(batch(0, Long.MAX_VALUE), settings)).isNull();
    RecordBatch stamped = batch(1, 2);
    stamped.stampAppendTime(NOW_MS);
    assertThat(check(stamped, settings))
        .isInstanceOfSatisfying(
            AppendResult.InvalidRecords.class, invalid -> assertThat(invalid.records()).hasSize(2));
  }

  @Test
  void whatIsTooLargeIsNotLookedAt() {
    assertThat(check(batch(1), TopicSettings.DEFAULT.withSizes(10, 1 << 20)))
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
  }

  private static TopicSettings limited(long beforeMs, long afterMs) {
    return TopicSettings.DEFAULT.withTimestamps(new TimestampRules(false, beforeMs, afterMs));
  }

  private static RecordBatch batch(long... timestampsMs) {
    RecordBatchBuilder builder = new RecordBatchBuilder(1_000, Compression.GZIP);
    for (long timestampMs : timestampsMs) {
      assertThat(builder.appendBytes(timestampMs, null, new byte[] {1}, List.of())).isTrue();
    }
    return builder.build();
  }

  private static @Nullable AppendResult check(RecordBatch batch, TopicSettings settings) {
    return AppendRules.check(batch, settings, NOW_MS);
  }
}
