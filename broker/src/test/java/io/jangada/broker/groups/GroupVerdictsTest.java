// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.groups.LagHistory.Seen;
import io.jangada.broker.groups.LagHistory.SeenGroup;
import io.jangada.broker.groups.LagHistory.Trend;
import io.jangada.broker.service.GroupReport.Finding;
import io.jangada.broker.service.GroupReport.Judgement;
import io.jangada.broker.service.GroupReport.Offset;
import io.jangada.broker.service.GroupReport.Verdict;
import io.jangada.groups.GroupAdmin.Described;
import io.jangada.groups.GroupAdmin.GroupPartition;
import io.jangada.groups.GroupAdmin.Listed;
import io.jangada.groups.GroupAdmin.Member;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupVerdictsTest {
  private static final GroupPartition P0 = new GroupPartition("logs", 0);
  private static final GroupPartition P1 = new GroupPartition("logs", 1);
  private static final GroupPartition LEFT_OVER = new GroupPartition("old", 0);
  private static final Member PICKER =
      new Member("m-1", "", "picker", "10.0.0.7", List.of(P0, P1), List.of());

  /** 2026-01-31T12:00:00Z. */
  private static final long NOW_MS = 1_769_860_800_000L;

  private static final long STUCK_AFTER_MS = 30_000;

  @Test
  void stuckSaysWhichMemberWhichPartitionAndSinceWhen() {
    Judgement judged =
        judge(
            "Stable",
            List.of(PICKER),
            List.of(offset(P0, 10, 0, "m-1"), offset(P1, 5, 252, "m-1")),
            Map.of(P0, Trend.MOVING, P1, Trend.STILL));
    assertThat(judged.verdict()).isEqualTo(Verdict.STUCK);
    assertThat(judged.findings())
        .containsExactly(
            new Finding(
                "logs:1 has stayed at offset 5 since 2026-01-31T11:55:48Z (4m12s), with 7 records"
                    + " to read; read by member m-1 (picker at 10.0.0.7)",
                "m-1",
                P1,
                NOW_MS - 252_000));
  }

  @Test
  void whoHasNotWaitedForLongIsMoving() {
    Judgement judged =
        judge("Stable", List.of(PICKER), List.of(offset(P0, 10, 29, "m-1")), Map.of());
    assertThat(judged.verdict()).isEqualTo(Verdict.MOVING);
    assertThat(message(judged))
        .isEqualTo("7 records to read, and none has waited for 30s since an offset last moved");
  }

  @Test
  void slowIsWhoReadsLessThanIsWritten() {
    Judgement judged =
        judge(
            "Stable",
            List.of(PICKER),
            List.of(offset(P0, 10, 1, "m-1")),
            Map.of(P0, Trend.FALLING_BEHIND));
    assertThat(judged.verdict()).isEqualTo(Verdict.SLOW);
    assertThat(message(judged)).startsWith("logs:0 is read, but more is written: 7 records");
    assertThat(judged.findings().getFirst().memberId()).isEqualTo("m-1");
  }

  @Test
  void stuckIsWorseThanSlow() {
    Judgement judged =
        judge(
            "Stable",
            List.of(PICKER),
            List.of(offset(P0, 10, 1, "m-1"), offset(P1, 1, 31, "m-1")),
            Map.of(P0, Trend.FALLING_BEHIND));
    assertThat(judged.verdict()).isEqualTo(Verdict.STUCK);
  }

  @Test
  void idleIsWhoHasReadEverything() {
    Judgement judged =
        judge("Stable", List.of(PICKER), List.of(offset(P0, 10, 0, "m-1")), Map.of());
    assertThat(judged.verdict()).isEqualTo(Verdict.IDLE);
    assertThat(message(judged)).isEqualTo("1 member, and everything is read");
  }

  @Test
  void withoutMembersAGroupIsIdleWhateverIsLeft() {
    Judgement judged = judge("Empty", List.of(), List.of(offset(P0, 10, 9_999, "")), Map.of());
    assertThat(judged.verdict()).isEqualTo(Verdict.IDLE);
    assertThat(message(judged)).isEqualTo("no members; 7 records left to read");
  }

  @Test
  void withoutMembersItMovesWhereSomebodyCommits() {
    Judgement judged =
        judge("Empty", List.of(), List.of(offset(P0, 10, 1, "")), Map.of(P0, Trend.MOVING));
    assertThat(judged.verdict()).isEqualTo(Verdict.MOVING);
  }

  @Test
  void topicsThatNobodyReadsAnyMoreSayNothing() {
    Judgement judged =
        judge(
            "Stable",
            List.of(PICKER),
            List.of(offset(P0, 10, 0, "m-1"), offset(LEFT_OVER, 1, 9_999, "")),
            Map.of());
    assertThat(judged.verdict()).isEqualTo(Verdict.IDLE);
  }

  @Test
  void aPartitionOfATopicThatIsReadMustHaveAReader() {
    Member half = new Member("m-1", "", "picker", "10.0.0.7", List.of(P0), List.of());
    Judgement judged =
        judge(
            "Stable",
            List.of(half),
            List.of(offset(P0, 10, 0, "m-1"), offset(P1, 1, 60, "")),
            Map.of());
    assertThat(judged.verdict()).isEqualTo(Verdict.STUCK);
    assertThat(message(judged)).endsWith("no member reads it");
  }

  @Test
  void aRebalanceThatDoesNotEndIsStuckAndSaysWhoHoldsItUp() {
    Member late = new Member("m-2", "", "slow", "10.0.0.8", List.of(P1), List.of(P1));
    Judgement judged =
        judge("Reconciling", List.of(PICKER, late), List.of(offset(P0, 10, 0, "m-1")), Map.of());
    assertThat(judged.verdict()).isEqualTo(Verdict.STUCK);
    assertThat(message(judged))
        .isEqualTo(
            "the group has been in state Reconciling since 2026-01-31T11:58:20Z (1m40s): member m-2"
                + " (slow at 10.0.0.8) has not given up or taken on logs:1");
  }

  @Test
  void duringARebalanceEverythingThatWasCommittedCounts() {
    Member joining = new Member("m-1", "", "picker", "10.0.0.7", List.of(), List.of());
    Judgement judged =
        GroupVerdicts.judge(
            group("PreparingRebalance", List.of(joining)),
            List.of(offset(P0, 10, 60, "")),
            new SeenGroup(0, NOW_MS - 1_000, Map.of()),
            NOW_MS,
            STUCK_AFTER_MS);
    assertThat(judged.verdict()).isEqualTo(Verdict.STUCK);
  }

  private static Judgement judge(
      String state, List<Member> members, List<Offset> offsets, Map<GroupPartition, Trend> trends) {
    Map<GroupPartition, Seen> seen = new java.util.HashMap<>();
    trends.forEach((partition, trend) -> seen.put(partition, new Seen(0, trend)));
    return GroupVerdicts.judge(
        group(state, members),
        offsets,
        new SeenGroup(0, NOW_MS - 100_000, seen),
        NOW_MS,
        STUCK_AFTER_MS);
  }

  private static Described group(String state, List<Member> members) {
    return new Described(new Listed("g", state, "consumer", "consumer"), "uniform", members);
  }

  /** One that has waited for so long with seven records to read; 0: it does not wait. */
  private static Offset offset(GroupPartition partition, long offset, long waitsS, String member) {
    long lag = waitsS == 0 ? 0 : 7;
    return new Offset(
        partition,
        offset,
        offset + lag,
        lag,
        member,
        "",
        waitsS == 0 ? 0 : NOW_MS - waitsS * 1_000,
        null);
  }

  private static String message(Judgement judged) {
    return judged.findings().getFirst().message();
  }
}
