// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.LeaveGroupResponse;

/** LeaveGroup: one member in the old versions, several since KIP-345. */
final class LeaveGroupApi implements KafkaApi<LeaveGroupRequestData> {
  private static final short FIRST_WITH_MEMBERS = 3;

  private final KafkaGroups groups;

  LeaveGroupApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LEAVE_GROUP;
  }

  @Override
  public CompletableFuture<LeaveGroupResponseData> handle(
      LeaveGroupRequestData request, RequestContext context) {
    LeaveGroupRequestData several =
        context.version() >= FIRST_WITH_MEMBERS
            ? request
            : new LeaveGroupRequestData()
                .setGroupId(request.groupId())
                .setMembers(List.of(new MemberIdentity().setMemberId(request.memberId())));
    return groups
        .leaveGroup(Clients.of(key(), context), several)
        .thenApply(left -> new LeaveGroupResponse(left, context.version()).data());
  }
}
