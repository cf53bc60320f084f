// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ConsumerGroupHeartbeat (KIP-848): a member joins, lives, leaves, and learns its partitions. */
final class ConsumerGroupHeartbeatApi implements KafkaApi<ConsumerGroupHeartbeatRequestData> {
  private final KafkaGroups groups;

  ConsumerGroupHeartbeatApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
  }

  @Override
  public CompletableFuture<ConsumerGroupHeartbeatResponseData> handle(
      ConsumerGroupHeartbeatRequestData request, RequestContext context) {
    return groups.consumerGroupHeartbeat(Clients.of(key(), context), request);
  }
}
