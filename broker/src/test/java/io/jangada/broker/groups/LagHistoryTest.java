// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.groups.LagHistory.Position;
import io.jangada.broker.groups.LagHistory.Seen;
import io.jangada.broker.groups.LagHistory.SeenGroup;
import io.jangada.broker.groups.LagHistory.Trend;
import io.jangada.groups.GroupAdmin.GroupPartition;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LagHistoryTest {
  private static final GroupPartition P0 = new GroupPartition("logs", 0);
  private static final long INTERVAL_MS = 5_000;

  private final LagHistory history = new LagHistory(100);

  @Test
  void waitsFromTheMomentOnInWhichThereIsSomethingToReadAndTheOffsetStands() {
    assertThat(at(0, 10, 10).waitingSinceMs()).isZero();
    assertThat(at(5_000, 10, 12).waitingSinceMs()).isEqualTo(5_000);
    assertThat(at(10_000, 10, 99).waitingSinceMs()).isEqualTo(5_000);
    assertThat(at(15_000, 11, 99).waitingSinceMs()).isEqualTo(15_000);
    assertThat(at(20_000, 99, 99).waitingSinceMs()).isZero();
    assertThat(at(25_000, 99, 100).waitingSinceMs()).isEqualTo(25_000);
  }

  @Test
  void whereNothingWasCommittedEverythingIsToBeRead() {
    assertThat(at(1, -1, 0).waitingSinceMs()).isZero();
    assertThat(at(2, -1, 3).waitingSinceMs()).isEqualTo(2);
    assertThat(at(9, -1, 3).waitingSinceMs()).isEqualTo(2);
  }

  @Test
  void aReaderThatCommitsInStepsKeepsUp() {
    // 1,000 records a second, committed each 7 s, looked at each 5 s.
    Trend trend = Trend.STILL;
    for (int second = 0; second <= 120; second += 5) {
      trend = at(second * 1_000L, second / 7 * 7_000L, second * 1_000L).trend();
    }
    assertThat(trend).isEqualTo(Trend.MOVING);
  }

  @Test
  void aReaderThatIsSlowerThanItsWritersFallsBehind() {
    Trend trend = Trend.STILL;
    for (int second = 0; second <= 60; second += 5) {
      trend = at(second * 1_000L, second / 7 * 7_000L / 2, second * 1_000L).trend();
    }
    assertThat(trend).isEqualTo(Trend.FALLING_BEHIND);
  }

  @Test
  void aReaderThatCatchesUpMoves() {
    Trend trend = Trend.STILL;
    for (int second = 0; second <= 60; second += 5) {
      trend = at(second * 1_000L, second * 3_000L, 1_000_000 + second * 1_000L).trend();
    }
    assertThat(trend).isEqualTo(Trend.MOVING);
  }

  @Test
  void oneLargeBatchOfRecordsDoesNotMakeItSlow() {
    for (int i = 0; i < 10; i++) {
      at(i * INTERVAL_MS, i, i);
    }
    assertThat(at(10 * INTERVAL_MS, 10, 50_000).trend()).isEqualTo(Trend.MOVING);
  }

  @Test
  void whatDoesNotMoveForAMinuteStandsStill() {
    at(0, 0, 10);
    for (int i = 1; i <= 14; i++) {
      at(i * INTERVAL_MS, 5, 10);
    }
    assertThat(at(15 * INTERVAL_MS, 5, 10).trend()).isEqualTo(Trend.STILL);
  }

  @Test
  void looksInQuickSuccessionDoNotDisplaceTheOlderOnes() {
    at(0, 0, 0);
    for (int i = 1; i <= 1_000; i++) {
      at(20_000 + i, i, 100_000);
    }
    // The first look, a minute ago, is still known: the offset moved since.
    assertThat(at(59_000, 1_000, 100_000).trend()).isNotEqualTo(Trend.STILL);
  }

  @Test
  void theStateOfAGroupIsDated() {
    assertThat(history.observe("g", "Stable", List.of(), 10).stateSinceMs()).isEqualTo(10);
    assertThat(history.observe("g", "Stable", List.of(), 20).stateSinceMs()).isEqualTo(10);
    SeenGroup rebalancing = history.observe("g", "PreparingRebalance", List.of(), 30);
    assertThat(rebalancing.stateSinceMs()).isEqualTo(30);
    assertThat(rebalancing.sinceMs()).isEqualTo(10);
  }

  @Test
  void ofTooManyPartitionsThoseLookedAtLeastRecentlyAreForgotten() {
    for (int group = 0; group < 8; group++) {
      history.observe("group-" + group, "Stable", partitions(20), group);
    }
    assertThat(history.partitions()).isEqualTo(100);
    assertThat(history.observe("group-7", "Stable", partitions(20), 100).sinceMs()).isEqualTo(7);
    assertThat(history.observe("group-0", "Stable", partitions(20), 100).sinceMs()).isEqualTo(100);
    history.retain(Set.of("group-7"));
    assertThat(history.partitions()).isEqualTo(20);
  }

  @Test
  void whatAGroupDoesNotReadAnyMoreIsForgotten() {
    at(0, 1, 2);
    assertThat(history.observe("g", "Stable", List.of(), 1).partitions()).isEmpty();
    assertThat(history.partitions()).isZero();
  }

  private static List<Position> partitions(int count) {
    return IntStream.range(0, count)
        .mapToObj(partition -> new Position(new GroupPartition("logs", partition), 0, 0, 0))
        .toList();
  }

  private Seen at(long timeMs, long offset, long end) {
    return history
        .observe("g", "Stable", List.of(new Position(P0, offset, 0, end)), timeMs)
        .partition(P0);
  }
}
