// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.admin;

import io.jangada.api.v1.AlterGroupOffsetsRequest;
import io.jangada.api.v1.AlterGroupOffsetsResult;
import io.jangada.api.v1.DescribedGroupMember;
import io.jangada.api.v1.DescribedGroupOffset;
import io.jangada.api.v1.GroupFinding;
import io.jangada.api.v1.GroupOffsetChange;
import io.jangada.api.v1.GroupPartition;
import io.jangada.api.v1.GroupVerdict;
import io.jangada.client.GroupDescription;
import io.jangada.client.GroupDescription.Finding;
import io.jangada.client.GroupDescription.Member;
import io.jangada.client.GroupDescription.Offset;
import io.jangada.client.GroupDescription.Verdict;
import io.jangada.client.GroupListing;
import io.jangada.client.Outcome;
import io.jangada.common.TopicPartition;
import io.jangada.wire.WireErrors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Consumer groups as they are told on the wire. */
final class GroupMapping {
  private GroupMapping() {}

  static GroupListing listed(io.jangada.api.v1.GroupListing group) {
    return new GroupListing(
        group.getGroupId(),
        group.getState(),
        group.getType(),
        group.getProtocolType(),
        group.getCoordinatorId());
  }

  static Outcome<GroupDescription> described(io.jangada.api.v1.GroupDescription group) {
    if (group.hasError()) {
      return new Outcome<>(group.getGroupId(), null, WireErrors.fromWire(group.getError()));
    }
    return new Outcome<>(
        group.getGroupId(),
        new GroupDescription(
            new GroupListing(
                group.getGroupId(),
                group.getState(),
                group.getType(),
                group.getProtocolType(),
                group.getCoordinatorId()),
            group.getAssignor(),
            group.getMembersList().stream().map(GroupMapping::member).toList(),
            group.getOffsetsList().stream().map(GroupMapping::offset).toList(),
            verdict(group.getVerdict()),
            group.getFindingsList().stream().map(GroupMapping::finding).toList(),
            Instant.ofEpochMilli(group.getWatchedSinceMs())),
        null);
  }

  private static Member member(DescribedGroupMember member) {
    return new Member(
        member.getMemberId(),
        member.getInstanceId(),
        member.getClientId(),
        member.getHost(),
        partitions(member.getAssignmentList()),
        partitions(member.getPendingList()));
  }

  private static Offset offset(DescribedGroupOffset offset) {
    return new Offset(
        partition(offset.getPartition()),
        known(offset.getOffset()),
        known(offset.getLogEndOffset()),
        known(offset.getLag()),
        offset.getMemberId(),
        offset.getMetadata(),
        time(offset.getWaitingSinceMs()),
        offset.hasError() ? Optional.of(WireErrors.fromWire(offset.getError())) : Optional.empty());
  }

  private static Finding finding(GroupFinding finding) {
    return new Finding(
        finding.getMessage(),
        finding.getMemberId(),
        finding.hasPartition() ? Optional.of(partition(finding.getPartition())) : Optional.empty(),
        time(finding.getSinceMs()));
  }

  private static Verdict verdict(GroupVerdict verdict) {
    return switch (verdict) {
      case GROUP_VERDICT_IDLE -> Verdict.IDLE;
      case GROUP_VERDICT_MOVING -> Verdict.MOVING;
      case GROUP_VERDICT_SLOW -> Verdict.SLOW;
      case GROUP_VERDICT_STUCK -> Verdict.STUCK;
      case GROUP_VERDICT_UNSPECIFIED, UNRECOGNIZED -> Verdict.UNKNOWN;
    };
  }

  private static List<TopicPartition> partitions(List<GroupPartition> partitions) {
    return partitions.stream().map(GroupMapping::partition).toList();
  }

  private static TopicPartition partition(GroupPartition partition) {
    return new TopicPartition(partition.getTopic(), partition.getPartition());
  }

  private static OptionalLong known(long offset) {
    return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  private static Optional<Instant> time(long timeMs) {
    return timeMs == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(timeMs));
  }

  static AlterGroupOffsetsRequest toWire(
      String groupId, Map<TopicPartition, Long> offsets, boolean validateOnly) {
    AlterGroupOffsetsRequest.Builder request =
        AlterGroupOffsetsRequest.newBuilder().setGroupId(groupId).setValidateOnly(validateOnly);
    offsets.forEach(
        (partition, offset) ->
            request.addChanges(
                GroupOffsetChange.newBuilder()
                    .setPartition(
                        GroupPartition.newBuilder()
                            .setTopic(partition.topic())
                            .setPartition(partition.partition()))
                    .setOffset(offset)));
    return request.build();
  }

  static Outcome<Long> altered(
      TopicPartition partition, long offset, AlterGroupOffsetsResult result) {
    return result.hasError()
        ? new Outcome<>(partition.toString(), null, WireErrors.fromWire(result.getError()))
        : new Outcome<>(partition.toString(), offset, null);
  }
}
