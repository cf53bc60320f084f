// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Segments of 100 bytes that end at 10, 20 and 30, with records up to the times 100, 200, 300. */
class RetentionTest {
  private static final List<Retention.Segment> SEGMENTS =
      List.of(
          new Retention.Segment(10, 100, 100),
          new Retention.Segment(20, 100, 200),
          new Retention.Segment(30, 100, 300));

  private static long logStart(
      long retentionMs, long retentionBytes, long highWatermark, long nowMs) {
    return new Retention(retentionMs, retentionBytes).logStart(SEGMENTS, 0, highWatermark, nowMs);
  }

  @Test
  void withoutBoundsNothingGoes() {
    assertThat(logStart(-1, -1, 30, Long.MAX_VALUE)).isZero();
  }

  @Test
  void byAgeASegmentGoesOnceItsNewestRecordIsOlder() {
    assertThat(logStart(50, -1, 30, 150)).isZero();
    assertThat(logStart(50, -1, 30, 151)).isEqualTo(10);
    assertThat(logStart(50, -1, 30, 251)).isEqualTo(20);
  }

  @Test
  void theNewestSegmentOfAnIdleTopicExpiresToo() {
    assertThat(logStart(50, -1, 30, 351)).isEqualTo(30);
  }

  @Test
  void bySizeTheOldestGoWhileTheRestIsEnough() {
    assertThat(logStart(-1, 201, 30, 0)).isZero();
    assertThat(logStart(-1, 200, 30, 0)).isEqualTo(10);
    assertThat(logStart(-1, 100, 30, 0)).isEqualTo(20);
    assertThat(logStart(-1, 0, 30, 0)).isEqualTo(20);
  }

  @Test
  void nothingGoesThatIsNotCommitted() {
    assertThat(logStart(0, 0, 19, Long.MAX_VALUE)).isEqualTo(10);
    assertThat(logStart(0, 0, 9, Long.MAX_VALUE)).isZero();
  }

  @Test
  void aSegmentBehindOneThatStaysStays() {
    List<Retention.Segment> disordered =
        List.of(new Retention.Segment(10, 100, 900), new Retention.Segment(20, 100, 100));
    assertThat(new Retention(50, -1).logStart(disordered, 0, 20, 500)).isZero();
  }

  @Test
  void theLogStartNeverGoesBack() {
    assertThat(new Retention(50, -1).logStart(SEGMENTS, 15, 30, 151)).isEqualTo(15);
  }
}
