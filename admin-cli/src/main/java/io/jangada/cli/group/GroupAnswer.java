// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import io.jangada.client.GroupDescription;
import io.jangada.client.GroupDescription.Finding;
import io.jangada.client.GroupDescription.Member;
import io.jangada.client.GroupDescription.Offset;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as {@code -o json} shows it. The names are a contract.
 *
 * @param state as Kafka calls it
 * @param verdict idle, moving, slow or stuck
 * @param why the reasons for it, the worst first
 * @param type classic or consumer
 * @param coordinator the broker that coordinates it
 * @param watchedSince since when the coordinator has looked at its offsets
 */
record GroupAnswer(
    String group,
    String state,
    String verdict,
    List<Reason> why,
    String type,
    String assignor,
    int coordinator,
    String watchedSince,
    List<MemberAnswer> members,
    List<OffsetAnswer> offsets) {
  private static final long UNKNOWN = -1;

  /** A reason; what it is not about is null. */
  record Reason(
      String message,
      @Nullable String member,
      @Nullable String topic,
      @Nullable Integer partition,
      @Nullable String since) {}

  /** A member; what it has to give up or to take on is pending. */
  record MemberAnswer(
      String member,
      String instance,
      String client,
      String host,
      List<PartitionName> partitions,
      List<PartitionName> pending) {}

  /** A partition. */
  record PartitionName(String topic, int partition) {
    private static PartitionName of(TopicPartition partition) {
      return new PartitionName(partition.topic(), partition.partition());
    }
  }

  /**
   * How far the group is in a partition; -1 where something is not known.
   *
   * @param logEndOffset where the records end that readers see
   * @param waitingSince since when there is something to read and the offset does not move; null:
   *     it does not wait
   */
  record OffsetAnswer(
      String topic,
      int partition,
      long offset,
      long logEndOffset,
      long lag,
      @Nullable String member,
      @Nullable String waitingSince,
      String metadata) {}

  static GroupAnswer of(GroupDescription group) {
    return new GroupAnswer(
        group.group().groupId(),
        group.group().state(),
        group.verdict().name().toLowerCase(Locale.ROOT),
        group.findings().stream().map(GroupAnswer::reason).toList(),
        group.group().type(),
        group.assignor(),
        group.group().coordinatorId(),
        group.watchedSince().toString(),
        group.members().stream().map(GroupAnswer::member).toList(),
        group.offsets().stream().map(GroupAnswer::offset).toList());
  }

  private static Reason reason(Finding finding) {
    return new Reason(
        finding.message(),
        nullIfEmpty(finding.memberId()),
        finding.partition().map(TopicPartition::topic).orElse(null),
        finding.partition().map(TopicPartition::partition).orElse(null),
        finding.since().map(Instant::toString).orElse(null));
  }

  private static MemberAnswer member(Member member) {
    return new MemberAnswer(
        member.memberId(),
        member.instanceId(),
        member.clientId(),
        member.host(),
        member.assignment().stream().map(PartitionName::of).toList(),
        member.pending().stream().map(PartitionName::of).toList());
  }

  private static OffsetAnswer offset(Offset offset) {
    return new OffsetAnswer(
        offset.partition().topic(),
        offset.partition().partition(),
        orUnknown(offset.offset()),
        orUnknown(offset.logEndOffset()),
        orUnknown(offset.lag()),
        nullIfEmpty(offset.memberId()),
        offset.waitingSince().map(Instant::toString).orElse(null),
        offset.metadata());
  }

  private static long orUnknown(OptionalLong offset) {
    return offset.orElse(UNKNOWN);
  }

  private static @Nullable String nullIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }

  /** For people: the verdict and why first, then who reads what and how far. */
  String text(boolean wide) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s  %s  (%s, %s, coordinator %d)%n".formatted(group, verdict, state, type, coordinator));
    why.forEach(reason -> text.append("  ").append(reason.message).append('\n'));
    if (!members.isEmpty()) {
      text.append('\n').append(memberTable(wide).render());
    }
    if (!offsets.isEmpty()) {
      text.append('\n').append(offsetTable(wide).render());
    }
    return text.toString();
  }

  private Table memberTable(boolean wide) {
    Table table =
        wide
            ? new Table("MEMBER", "CLIENT", "HOST", "PARTITIONS", "INSTANCE", "PENDING")
            : new Table("MEMBER", "CLIENT", "HOST", "PARTITIONS");
    for (MemberAnswer each : members) {
      if (wide) {
        table.row(
            each.member,
            each.client,
            each.host,
            names(each.partitions),
            each.instance.isEmpty() ? "-" : each.instance,
            names(each.pending));
      } else {
        table.row(each.member, each.client, each.host, each.partitions.size());
      }
    }
    return table;
  }

  private static String names(List<PartitionName> partitions) {
    return partitions.isEmpty()
        ? "-"
        : String.join(
            ",", partitions.stream().map(each -> each.topic + ":" + each.partition).toList());
  }

  private Table offsetTable(boolean wide) {
    Map<String, String> clients = new HashMap<>();
    members.forEach(each -> clients.put(each.member, each.client));
    Table table =
        wide
            ? new Table("TOPIC", "PARTITION", "OFFSET", "LOG-END", "LAG", "WAITING-SINCE", "MEMBER")
            : new Table("TOPIC", "PARTITION", "OFFSET", "LOG-END", "LAG", "CLIENT");
    for (OffsetAnswer each : offsets) {
      String member = Optional.ofNullable(each.member).orElse("-");
      if (wide) {
        table.row(
            each.topic,
            each.partition,
            known(each.offset),
            known(each.logEndOffset),
            known(each.lag),
            each.waitingSince == null ? "-" : each.waitingSince,
            member);
      } else {
        table.row(
            each.topic,
            each.partition,
            known(each.offset),
            known(each.logEndOffset),
            known(each.lag),
            clients.getOrDefault(member, "-"));
      }
    }
    return table;
  }

  private static String known(long value) {
    return value < 0 ? "-" : Long.toString(value);
  }
}
