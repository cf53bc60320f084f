// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** SyncGroup: the leader brings the assignment, everybody takes its part. */
final class SyncGroupApi implements KafkaApi<SyncGroupRequestData> {
  /** From here on a member says what it has joined with (KIP-559). */
  private static final short FIRST_WITH_PROTOCOL = 5;

  private final KafkaGroups groups;

  SyncGroupApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.SYNC_GROUP;
  }

  @Override
  public CompletableFuture<SyncGroupResponseData> handle(
      SyncGroupRequestData request, RequestContext context) {
    return context.version() >= FIRST_WITH_PROTOCOL
            && (request.protocolType() == null || request.protocolName() == null)
        ? CompletableFuture.failedFuture(Errors.INCONSISTENT_GROUP_PROTOCOL.exception())
        : groups.syncGroup(Clients.of(key(), context), request);
  }
}
