// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.util.List;

/**
 * Which of a log's oldest segments may go. Immutable.
 *
 * @param retentionMs a segment may go once its newest record is older; {@link #UNLIMITED} = never
 * @param retentionBytes the oldest may go while the others hold at least so much; {@link
 *     #UNLIMITED} = none may
 */
public record Retention(long retentionMs, long retentionBytes) {
  /** No bound. */
  public static final long UNLIMITED = -1;

  /**
   * A segment as retention sees it.
   *
   * @param endOffset the offset after its last batch
   * @param maxTimestampMs of its records; below zero if they have none
   */
  public record Segment(long endOffset, long sizeBytes, long maxTimestampMs) {}

  /**
   * Where the log may start. The newest segment goes by age only, so that an idle topic's records
   * expire too; nothing goes that is not committed.
   *
   * @param segments in their order
   * @param nowMs of the wall clock, as the records' timestamps are (rule 23)
   * @return at least the offset given
   */
  public long logStart(
      List<Segment> segments, long logStartOffset, long highWatermark, long nowMs) {
    long left = 0;
    for (Segment segment : segments) {
      left += segment.sizeBytes();
    }
    long start = logStartOffset;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean newest = i == segments.size() - 1;
      left -= segment.sizeBytes();
      if (segment.endOffset() > highWatermark
          || !(isExpired(segment, nowMs) || (!newest && isSurplus(left)))) {
        break;
      }
      start = Math.max(start, segment.endOffset());
    }
    return start;
  }

  private boolean isExpired(Segment segment, long nowMs) {
    return retentionMs != UNLIMITED
        && segment.maxTimestampMs() >= 0
        && nowMs - segment.maxTimestampMs() > retentionMs;
  }

  private boolean isSurplus(long leftBytes) {
    return retentionBytes != UNLIMITED && leftBytes >= retentionBytes;
  }
}
