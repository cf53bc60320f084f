// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.JoinGroupResponse;

/** JoinGroup: answered when all members are there, or their time is up. */
final class JoinGroupApi implements KafkaApi<JoinGroupRequestData> {
  private final KafkaGroups groups;

  JoinGroupApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.JOIN_GROUP;
  }

  @Override
  public CompletableFuture<JoinGroupResponseData> handle(
      JoinGroupRequestData request, RequestContext context) {
    // Which also says what stands for no protocol in that version.
    return groups
        .joinGroup(Clients.of(key(), context), request)
        .thenApply(joined -> new JoinGroupResponse(joined, context.version()).data());
  }
}
