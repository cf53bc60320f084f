// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a log is worth a pass, and over what. */
class CompactionPlanTest {
  private static final long NOW_MS = 1_000_000;
  private static final CompactionSettings SETTINGS = CompactionSettings.DEFAULT;

  private static ClosedSegment segment(long base, long end, int bytes, boolean compacted) {
    return new ClosedSegment(base, end, bytes, 500_000, 900_000, compacted);
  }

  private static Optional<CompactionPlan> plan(
      List<ClosedSegment> closed, long compactedTo, long upTo, CompactionSettings settings) {
    return CompactionPlan.of(closed, compactedTo, upTo, settings, NOW_MS);
  }

  @Test
  void aLogIsDueByItsRatio() {
    List<ClosedSegment> closed =
        List.of(segment(0, 10, 60, true), segment(10, 20, 20, false), segment(20, 30, 19, false));
    CompactionPlan plan = plan(closed, 0, 30, SETTINGS).orElseThrow();
    assertThat(plan.firstDirtyOffset()).isEqualTo(10);
    assertThat(plan.cleanBytes()).isEqualTo(60);
    assertThat(plan.dirtyBytes()).isEqualTo(39);
    assertThat(plan.isDue(SETTINGS)).isFalse();
    assertThat(plan.isDue(new CompactionSettings(0.39, 0, Long.MAX_VALUE, 0))).isTrue();
    assertThat(plan.dirtyOffsets()).isEqualTo(20);
  }

  @Test
  void nothingIsThereIfAllWasCompactedOrMayBeTruncated() {
    List<ClosedSegment> closed = List.of(segment(0, 10, 60, true), segment(10, 20, 20, false));
    assertThat(plan(closed, 0, 19, SETTINGS)).isEmpty();
    assertThat(plan(closed, 20, 20, SETTINGS)).isEmpty();
    assertThat(plan(closed, 15, 20, SETTINGS).orElseThrow().firstDirtyOffset()).isEqualTo(15);
    assertThat(plan(List.of(), 0, 20, SETTINGS)).isEmpty();
  }

  @Test
  void youngRecordsWaitAndOldOnesDoNot() {
    List<ClosedSegment> closed = List.of(segment(0, 10, 1_000, true), segment(10, 20, 1, false));
    assertThat(plan(closed, 0, 20, new CompactionSettings(0.5, 100_001, Long.MAX_VALUE, 0)))
        .isEmpty();
    CompactionSettings atOnce = new CompactionSettings(0.5, 100_000, 499_999, 0);
    assertThat(plan(closed, 0, 20, atOnce).orElseThrow().isDue(atOnce)).isTrue();
    CompactionSettings later = new CompactionSettings(0.5, 100_000, 500_000, 0);
    assertThat(plan(closed, 0, 20, later).orElseThrow().isDue(later)).isFalse();
  }

  @Test
  void smallSegmentsBecomeOneAsFarAsTheyFit() {
    List<ClosedSegment> closed =
        List.of(
            segment(0, 10, 40, true),
            segment(10, 20, 60, true),
            segment(20, 30, 1, false),
            segment(30, 40, 200, false),
            segment(40, 50, 1, false),
            segment(50, 60, 1, false));
    CompactionPlan plan = plan(closed, 0, 60, SETTINGS).orElseThrow();
    assertThat(plan.groups(45, 100))
        .extracting(group -> group.stream().map(ClosedSegment::baseOffset).toList())
        .containsExactly(List.of(0L, 10L), List.of(20L), List.of(30L), List.of(40L));
  }
}
