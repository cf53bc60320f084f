// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.broker.groups.LagHistory.SeenGroup;
import io.jangada.broker.groups.LagHistory.Trend;
import io.jangada.broker.service.GroupReport;
import io.jangada.broker.service.GroupReport.Finding;
import io.jangada.broker.service.GroupReport.Judgement;
import io.jangada.broker.service.GroupReport.Offset;
import io.jangada.broker.service.GroupReport.Verdict;
import io.jangada.groups.GroupAdmin.Described;
import io.jangada.groups.GroupAdmin.Member;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One verdict for a group, and why. Pure. The first of these that holds:
 *
 * <ol>
 *   <li>stuck: it has members, and one of its partitions has waited for too long, or it has been in
 *       a rebalance for as long
 *   <li>slow: in one of its partitions there is more and more to read although the offset moves
 *   <li>moving: an offset moves, or something that is to be read has not waited for long
 *   <li>idle: everything is read, or there are no members
 * </ol>
 *
 * <p>Its partitions are those of the topics that its members read; what is left over from topics
 * that nobody reads any more says nothing.
 */
final class GroupVerdicts {
  private static final int MAX_FINDINGS = 20;
  private static final Set<String> SETTLED = Set.of("Stable", "Empty", "Dead");

  private final Described group;
  private final List<Offset> offsets;
  private final SeenGroup seen;
  private final long nowMs;
  private final long stuckAfterMs;
  private final List<Finding> findings = new ArrayList<>();

  private GroupVerdicts(
      Described group, List<Offset> offsets, SeenGroup seen, long nowMs, long stuckAfterMs) {
    this.group = group;
    this.seen = seen;
    this.nowMs = nowMs;
    this.stuckAfterMs = stuckAfterMs;
    this.offsets = group.members().isEmpty() ? offsets : read(group, offsets);
  }

  /** Judges by what is seen now and was seen before. */
  static Judgement judge(
      Described group, List<Offset> offsets, SeenGroup seen, long nowMs, long stuckAfterMs) {
    return new GroupVerdicts(group, offsets, seen, nowMs, stuckAfterMs).judge();
  }

  /** Those of topics that members read; while nobody reads anything, all. */
  private static List<Offset> read(Described group, List<Offset> offsets) {
    Set<String> topics =
        group.members().stream()
            .flatMap(member -> member.assignment().stream())
            .map(partition -> partition.topic())
            .collect(Collectors.toSet());
    boolean between = topics.isEmpty() && !SETTLED.contains(group.group().state());
    return offsets.stream()
        .filter(offset -> between || topics.contains(offset.partition().topic()))
        .toList();
  }

  private Judgement judge() {
    if (group.members().isEmpty()) {
      return withoutMembers();
    }
    findStuck();
    if (!findings.isEmpty()) {
      return judgement(Verdict.STUCK);
    }
    findSlow();
    if (!findings.isEmpty()) {
      return judgement(Verdict.SLOW);
    }
    boolean moves = offsets.stream().anyMatch(offset -> trend(offset) != Trend.STILL);
    boolean waits = offsets.stream().anyMatch(GroupVerdicts::waits);
    if (waits) {
      add(
          "%s to read, and none has waited for %s since an offset last moved"
              .formatted(records(unread()), time(stuckAfterMs)));
      return judgement(Verdict.MOVING);
    }
    if (moves) {
      add("everything is read as it comes");
      return judgement(Verdict.MOVING);
    }
    add(
        offsets.isEmpty()
            ? "%s, and no partition to read".formatted(members())
            : "%s, and everything is read".formatted(members()));
    return judgement(Verdict.IDLE);
  }

  private Judgement withoutMembers() {
    boolean moves = offsets.stream().anyMatch(offset -> trend(offset) != Trend.STILL);
    long unread = unread();
    String left = unread == 0 ? "nothing left to read" : records(unread) + " left to read";
    if (moves) {
      add("no members, but somebody commits offsets; " + left);
      return judgement(Verdict.MOVING);
    }
    add("no members; " + left);
    return judgement(Verdict.IDLE);
  }

  private void findStuck() {
    if (!SETTLED.contains(group.group().state()) && nowMs - seen.stateSinceMs() >= stuckAfterMs) {
      findUnsettled();
    }
    offsets.stream()
        .filter(offset -> waits(offset) && nowMs - offset.waitingSinceMs() >= stuckAfterMs)
        .sorted(Comparator.comparingLong(Offset::waitingSinceMs))
        .forEach(
            offset ->
                findings.add(
                    new Finding(
                        "%s has %s since %s (%s), with %s to read; %s"
                            .formatted(
                                offset.partition(),
                                offset.offset() < 0
                                    ? "had nothing committed"
                                    : "stayed at offset " + offset.offset(),
                                at(offset.waitingSinceMs()),
                                time(nowMs - offset.waitingSinceMs()),
                                records(offset.unread()),
                                reader(offset)),
                        offset.memberId(),
                        offset.partition(),
                        offset.waitingSinceMs())));
  }

  private void findUnsettled() {
    long sinceMs = seen.stateSinceMs();
    String begin =
        "the group has been in state %s since %s (%s)"
            .formatted(group.group().state(), at(sinceMs), time(nowMs - sinceMs));
    List<Member> late =
        group.members().stream().filter(member -> !member.pending().isEmpty()).toList();
    if (late.isEmpty()) {
      findings.add(
          new Finding(
              begin + ": a member does not answer, or members keep coming and going",
              "",
              null,
              sinceMs));
    }
    for (Member member : late) {
      findings.add(
          new Finding(
              "%s: %s has not given up or taken on %s"
                  .formatted(begin, name(member), member.pending().getFirst()),
              member.memberId(),
              member.pending().getFirst(),
              sinceMs));
    }
  }

  private void findSlow() {
    offsets.stream()
        .filter(offset -> trend(offset) == Trend.FALLING_BEHIND)
        .sorted(Comparator.comparingLong(Offset::unread).reversed())
        .forEach(
            offset ->
                findings.add(
                    new Finding(
                        "%s is read, but more is written: %s to read; %s"
                            .formatted(
                                offset.partition(), records(offset.unread()), reader(offset)),
                        offset.memberId(),
                        offset.partition(),
                        GroupReport.NEVER)));
  }

  private static boolean waits(Offset offset) {
    return offset.waitingSinceMs() != GroupReport.NEVER;
  }

  private Trend trend(Offset offset) {
    return seen.partition(offset.partition()).trend();
  }

  private long unread() {
    return offsets.stream().mapToLong(offset -> Math.max(0, offset.unread())).sum();
  }

  private void add(String message) {
    findings.add(new Finding(message, "", null, GroupReport.NEVER));
  }

  private Judgement judgement(Verdict verdict) {
    return new Judgement(verdict, findings.stream().limit(MAX_FINDINGS).toList());
  }

  private String reader(Offset offset) {
    return group.members().stream()
        .filter(member -> member.memberId().equals(offset.memberId()))
        .findFirst()
        .map(member -> "read by " + name(member))
        .orElse("no member reads it");
  }

  private static String name(Member member) {
    return "member %s (%s at %s)".formatted(member.memberId(), member.clientId(), member.host());
  }

  private String members() {
    int members = group.members().size();
    return members == 1 ? "1 member" : members + " members";
  }

  private static String records(long lag) {
    return lag == 1 ? "1 record" : lag + " records";
  }

  private static String at(long timeMs) {
    return Instant.ofEpochMilli(timeMs).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** As people say it, and the settings take it. */
  private static String time(long timeMs) {
    Duration time = Duration.ofSeconds(timeMs / 1_000);
    if (time.toHours() > 0) {
      return "%dh%dm".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0
        ? "%dm%ds".formatted(time.toMinutes(), time.toSecondsPart())
        : time.toSeconds() + "s";
  }
}
