// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.log.Durability;
import io.jangada.replication.log.Retention;
import io.jangada.replication.log.SegmentLimits;
import java.util.concurrent.TimeUnit;

/**
 * What a topic's configuration says to its replicas.
 *
 * @param maxMessageBytes {@code max.message.bytes}: the largest batch, as it comes
 * @param segmentBytes {@code segment.bytes}
 * @param segmentMs {@code segment.ms}: a segment that is older gets no more batches
 * @param retentionMs {@code retention.ms}: how long records are kept; {@link #UNLIMITED} = for ever
 * @param retentionBytes {@code retention.bytes}: how much of a partition is kept; {@link
 *     #UNLIMITED} = all of it
 * @param durability {@code durability}: when a batch counts as durable
 * @param timestamps {@code message.timestamp.*}: whose clock, and how far it may be off
 * @param cleanup {@code cleanup.policy} and what belongs to it
 */
public record TopicSettings(
    int maxMessageBytes,
    int segmentBytes,
    long segmentMs,
    long retentionMs,
    long retentionBytes,
    Durability durability,
    TimestampRules timestamps,
    Cleanup cleanup) {
  /** No bound. */
  public static final long UNLIMITED = -1;

  /** 1 MiB and a little for the header, as Kafka's; 512 MiB; 7 days; no bound of size; fsync. */
  public static final TopicSettings DEFAULT =
      new TopicSettings(
          1_048_588,
          512 << 20,
          TimeUnit.DAYS.toMillis(7),
          TimeUnit.DAYS.toMillis(7),
          UNLIMITED,
          Durability.FSYNC,
          TimestampRules.DEFAULT,
          Cleanup.DELETE);

  /** These settings with another retention; {@link #UNLIMITED} = no bound. */
  public TopicSettings withRetention(long newRetentionMs, long newRetentionBytes) {
    return new TopicSettings(
        maxMessageBytes,
        segmentBytes,
        segmentMs,
        newRetentionMs,
        newRetentionBytes,
        durability,
        timestamps,
        cleanup);
  }

  /** These settings with other rules for times. */
  public TopicSettings withTimestamps(TimestampRules newTimestamps) {
    return new TopicSettings(
        maxMessageBytes,
        segmentBytes,
        segmentMs,
        retentionMs,
        retentionBytes,
        durability,
        newTimestamps,
        cleanup);
  }

  /** These settings with another way of getting rid of records. */
  public TopicSettings withCleanup(Cleanup newCleanup) {
    return new TopicSettings(
        maxMessageBytes,
        segmentBytes,
        segmentMs,
        retentionMs,
        retentionBytes,
        durability,
        timestamps,
        newCleanup);
  }

  /** These settings with other sizes. */
  public TopicSettings withSizes(int newMaxMessageBytes, int newSegmentBytes) {
    return new TopicSettings(
        newMaxMessageBytes,
        newSegmentBytes,
        segmentMs,
        retentionMs,
        retentionBytes,
        durability,
        timestamps,
        cleanup);
  }

  /** When the log goes on in another segment. */
  SegmentLimits segmentLimits() {
    // What is to be compacted in time has to be closed before.
    long ageMs =
        cleanup.compact() ? Math.min(segmentMs, cleanup.compaction().maxLagMs()) : segmentMs;
    return new SegmentLimits(segmentBytes, ageMs);
  }

  /** What may go for its age, or because there is too much. */
  Retention retention() {
    return cleanup.delete()
        ? new Retention(retentionMs, retentionBytes)
        : new Retention(Retention.UNLIMITED, Retention.UNLIMITED);
  }
}
