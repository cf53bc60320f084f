// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.admin;

import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.AlterGroupOffsetsResult;
import io.jangada.api.v1.DeleteGroupsRequest;
import io.jangada.api.v1.DeleteGroupsResponse;
import io.jangada.api.v1.DescribeGroupsRequest;
import io.jangada.api.v1.DescribeGroupsResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.ListGroupsRequest;
import io.jangada.api.v1.ListGroupsResponse;
import io.jangada.client.GroupDescription;
import io.jangada.client.GroupListing;
import io.jangada.client.Outcome;
import io.jangada.common.TopicPartition;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The part of the admin interface that looks after consumer groups. Thread-safe. */
final class GroupCalls {
  private final AdminCalls calls;

  GroupCalls(AdminCalls calls) {
    this.calls = calls;
  }

  List<Outcome<GroupListing>> list() {
    ListGroupsResponse response =
        calls.read(AdminServiceGrpc.getListGroupsMethod(), ListGroupsRequest.getDefaultInstance());
    return Stream.concat(
            response.getGroupsList().stream()
                .map(GroupMapping::listed)
                .map(group -> new Outcome<>(group.groupId(), group, null)),
            response.getErrorsList().stream().map(GroupCalls::<GroupListing>missing))
        .toList();
  }

  List<Outcome<GroupDescription>> describe(Collection<String> groupIds, Duration stuckAfter) {
    DescribeGroupsResponse response =
        calls.read(
            AdminServiceGrpc.getDescribeGroupsMethod(),
            DescribeGroupsRequest.newBuilder()
                .addAllGroupIds(groupIds)
                .setStuckAfterMs(stuckAfter.toMillis())
                .build(),
            answer ->
                DefaultAdmin.common(
                    answer.getGroupsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    return Stream.concat(
            response.getGroupsList().stream().map(GroupMapping::described),
            response.getErrorsList().stream().map(GroupCalls::<GroupDescription>missing))
        .toList();
  }

  /** Why something may be missing that nobody could name. */
  private static <T> Outcome<T> missing(Error error) {
    return new Outcome<>("", null, WireErrors.fromWire(error));
  }

  List<Outcome<String>> delete(Collection<String> groupIds, boolean validateOnly) {
    DeleteGroupsResponse response =
        calls.change(
            AdminServiceGrpc.getDeleteGroupsMethod(),
            DeleteGroupsRequest.newBuilder()
                .addAllGroupIds(groupIds)
                .setValidateOnly(validateOnly)
                .build(),
            answer ->
                DefaultAdmin.common(
                    answer.getResultsList().stream()
                        .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())));
    DefaultAdmin.checkCount(groupIds.size(), response.getResultsCount());
    return response.getResultsList().stream()
        .map(
            result ->
                result.hasError()
                    ? new Outcome<String>(
                        result.getGroupId(), null, WireErrors.fromWire(result.getError()))
                    : new Outcome<>(result.getGroupId(), result.getGroupId(), null))
        .toList();
  }

  List<Outcome<Long>> alterOffsets(
      String groupId, Map<TopicPartition, Long> offsets, boolean validateOnly) {
    List<AlterGroupOffsetsResult> results =
        calls
            .change(
                AdminServiceGrpc.getAlterGroupOffsetsMethod(),
                GroupMapping.toWire(groupId, offsets, validateOnly),
                answer ->
                    DefaultAdmin.common(
                        answer.getResultsList().stream()
                            .map(r -> r.hasError() ? Optional.of(r.getError()) : Optional.empty())))
            .getResultsList();
    List<TopicPartition> asked = List.copyOf(offsets.keySet());
    DefaultAdmin.checkCount(asked.size(), results.size());
    return IntStream.range(0, asked.size())
        .mapToObj(
            i -> GroupMapping.altered(asked.get(i), offsets.get(asked.get(i)), results.get(i)))
        .toList();
  }
}
