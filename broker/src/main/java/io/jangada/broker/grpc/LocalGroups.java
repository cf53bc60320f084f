// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.AlterGroupOffsetsRequest;
import io.jangada.api.v1.AlterGroupOffsetsResponse;
import io.jangada.api.v1.AlterGroupOffsetsResult;
import io.jangada.api.v1.DeleteGroupResult;
import io.jangada.api.v1.DescribedGroupMember;
import io.jangada.api.v1.DescribedGroupOffset;
import io.jangada.api.v1.GroupDescription;
import io.jangada.api.v1.GroupFinding;
import io.jangada.api.v1.GroupListing;
import io.jangada.api.v1.GroupOffsetChange;
import io.jangada.api.v1.GroupPartition;
import io.jangada.api.v1.GroupVerdict;
import io.jangada.api.v1.ListGroupsResponse;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.GroupReport;
import io.jangada.broker.service.GroupReports;
import io.jangada.broker.service.PartitionRef;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.groups.GroupAdmin;
import io.jangada.metadata.image.MetadataImage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The groups that this broker coordinates, in the words of the admin service. Thread-safe. */
public final class LocalGroups {
  private static final long STUCK_AFTER_MS = 30_000;

  private final int brokerId;
  private final ClusterMetadata metadata;
  private final GroupAdmin groups;
  private final GroupReports reports;

  /** Answers for the groups here. */
  public LocalGroups(
      int brokerId, ClusterMetadata metadata, GroupAdmin groups, GroupReports reports) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.groups = groups;
    this.reports = reports;
  }

  CompletableFuture<ListGroupsResponse> list() {
    return groups
        .list()
        .thenApply(
            listed ->
                ListGroupsResponse.newBuilder()
                    .addAllGroups(
                        listed.stream()
                            .map(
                                group ->
                                    GroupListing.newBuilder()
                                        .setGroupId(group.groupId())
                                        .setState(group.state())
                                        .setType(group.type())
                                        .setProtocolType(group.protocolType())
                                        .setCoordinatorId(brokerId)
                                        .build())
                            .toList())
                    .build());
  }

  /**
   * A group in full.
   *
   * @param stuckAfterMs 0 = as usual
   */
  CompletableFuture<GroupDescription> describe(String groupId, long stuckAfterMs) {
    return reports
        .describe(groupId, stuckAfterMs <= 0 ? STUCK_AFTER_MS : stuckAfterMs)
        .thenApply(this::toWire);
  }

  private GroupDescription toWire(GroupReport report) {
    GroupAdmin.Described group = report.group();
    return GroupDescription.newBuilder()
        .setGroupId(group.group().groupId())
        .setState(group.group().state())
        .setType(group.group().type())
        .setProtocolType(group.group().protocolType())
        .setAssignor(group.assignor())
        .setCoordinatorId(brokerId)
        .addAllMembers(group.members().stream().map(LocalGroups::toWire).toList())
        .addAllOffsets(report.offsets().stream().map(LocalGroups::toWire).toList())
        .setVerdict(
            switch (report.judgement().verdict()) {
              case IDLE -> GroupVerdict.GROUP_VERDICT_IDLE;
              case MOVING -> GroupVerdict.GROUP_VERDICT_MOVING;
              case SLOW -> GroupVerdict.GROUP_VERDICT_SLOW;
              case STUCK -> GroupVerdict.GROUP_VERDICT_STUCK;
            })
        .addAllFindings(report.judgement().findings().stream().map(LocalGroups::toWire).toList())
        .setWatchedSinceMs(report.watchedSinceMs())
        .build();
  }

  private static DescribedGroupMember toWire(GroupAdmin.Member member) {
    return DescribedGroupMember.newBuilder()
        .setMemberId(member.memberId())
        .setInstanceId(member.instanceId())
        .setClientId(member.clientId())
        .setHost(member.host())
        .addAllAssignment(member.assignment().stream().map(LocalGroups::toWire).toList())
        .addAllPending(member.pending().stream().map(LocalGroups::toWire).toList())
        .build();
  }

  private static DescribedGroupOffset toWire(GroupReport.Offset offset) {
    DescribedGroupOffset.Builder wire =
        DescribedGroupOffset.newBuilder()
            .setPartition(toWire(offset.partition()))
            .setOffset(offset.offset())
            .setLogEndOffset(offset.end())
            .setLag(offset.lag())
            .setMemberId(offset.memberId())
            .setMetadata(offset.metadata())
            .setWaitingSinceMs(offset.waitingSinceMs());
    if (offset.failure() != null) {
      wire.setError(Failures.toError(offset.failure()));
    }
    return wire.build();
  }

  private static GroupFinding toWire(GroupReport.Finding finding) {
    GroupFinding.Builder wire =
        GroupFinding.newBuilder()
            .setMessage(finding.message())
            .setMemberId(finding.memberId())
            .setSinceMs(finding.sinceMs());
    if (finding.partition() != null) {
      wire.setPartition(toWire(finding.partition()));
    }
    return wire.build();
  }

  private static GroupPartition toWire(GroupAdmin.GroupPartition partition) {
    return GroupPartition.newBuilder()
        .setTopic(partition.topic())
        .setPartition(partition.partition())
        .build();
  }

  CompletableFuture<DeleteGroupResult> delete(String groupId, boolean validateOnly) {
    CompletableFuture<?> deletion =
        validateOnly
            ? groups.describe(groupId).thenAccept(LocalGroups::requireNoMembers)
            : groups.delete(groupId);
    return deletion.thenApply(
        deleted -> DeleteGroupResult.newBuilder().setGroupId(groupId).build());
  }

  private static void requireNoMembers(GroupAdmin.Described group) {
    if (!group.members().isEmpty()) {
      throw GroupAdmin.hasMembers(group.group().groupId());
    }
  }

  /** All of them, or none where one cannot be. */
  CompletableFuture<AlterGroupOffsetsResponse> alterOffsets(AlterGroupOffsetsRequest request) {
    MetadataImage image = metadata.image();
    Map<GroupAdmin.GroupPartition, JangadaException> refused = new HashMap<>();
    Map<GroupAdmin.GroupPartition, Long> offsets = new LinkedHashMap<>();
    for (GroupOffsetChange change : request.getChangesList()) {
      GroupAdmin.GroupPartition partition = fromWire(change.getPartition());
      offsets.put(partition, change.getOffset());
      try {
        require(image, partition, change.getOffset());
      } catch (JangadaException impossible) {
        refused.put(partition, impossible);
      }
    }
    return commit(request.getGroupId(), offsets, refused, request.getValidateOnly())
        .thenApply(
            failures ->
                AlterGroupOffsetsResponse.newBuilder()
                    .addAllResults(
                        request.getChangesList().stream()
                            .map(change -> result(change.getPartition(), failures))
                            .toList())
                    .build());
  }

  private CompletableFuture<Map<GroupAdmin.GroupPartition, JangadaException>> commit(
      String groupId,
      Map<GroupAdmin.GroupPartition, Long> offsets,
      Map<GroupAdmin.GroupPartition, JangadaException> refused,
      boolean validateOnly) {
    if (!refused.isEmpty()) {
      JangadaException others =
          new JangadaException(
              ErrorCode.INVALID_REQUEST,
              "expected every partition of the request to be in order, but another one is not",
              "leave that out, or ask for each on its own");
      offsets.keySet().forEach(partition -> refused.putIfAbsent(partition, others));
    }
    if (!refused.isEmpty() || offsets.isEmpty()) {
      return CompletableFuture.completedFuture(refused);
    }
    return validateOnly
        ? requireNoMembers(groupId).thenApply(none -> refused)
        : groups.commit(groupId, offsets);
  }

  /** A group that does not exist comes into being. */
  private CompletableFuture<Boolean> requireNoMembers(String groupId) {
    return groups
        .describe(groupId)
        .thenAccept(LocalGroups::requireNoMembers)
        .thenApply(none -> true)
        .exceptionallyCompose(
            failure ->
                Failures.toError(failure).getCode().equals(ErrorCode.GROUP_NOT_FOUND.name())
                    ? CompletableFuture.completedFuture(true)
                    : CompletableFuture.failedFuture(failure));
  }

  private static void require(
      MetadataImage image, GroupAdmin.GroupPartition partition, long offset) {
    var unused =
        TopicLookup.partition(
            image, new PartitionRef(partition.topic(), null, partition.partition()));
    if (offset < 0) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected an offset of at least 0 for " + partition + ", but got " + offset);
    }
  }

  private static AlterGroupOffsetsResult result(
      GroupPartition partition, Map<GroupAdmin.GroupPartition, JangadaException> failures) {
    AlterGroupOffsetsResult.Builder result =
        AlterGroupOffsetsResult.newBuilder().setPartition(partition);
    JangadaException failure = failures.get(fromWire(partition));
    return (failure == null ? result : result.setError(Failures.toError(failure))).build();
  }

  private static GroupAdmin.GroupPartition fromWire(GroupPartition partition) {
    return new GroupAdmin.GroupPartition(partition.getTopic(), partition.getPartition());
  }
}
