// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Heartbeat of a member of a classic group. */
final class HeartbeatApi implements KafkaApi<HeartbeatRequestData> {
  private final KafkaGroups groups;

  HeartbeatApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.HEARTBEAT;
  }

  @Override
  public CompletableFuture<HeartbeatResponseData> handle(
      HeartbeatRequestData request, RequestContext context) {
    return groups.heartbeat(Clients.of(key(), context), request);
  }
}
