// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;

/** ConsumerGroupDescribe: groups of KIP-848. */
final class ConsumerGroupDescribeApi implements KafkaApi<ConsumerGroupDescribeRequestData> {
  private final KafkaGroups groups;

  ConsumerGroupDescribeApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CONSUMER_GROUP_DESCRIBE;
  }

  @Override
  public CompletableFuture<ConsumerGroupDescribeResponseData> handle(
      ConsumerGroupDescribeRequestData request, RequestContext context) {
    return groups
        .consumerGroupDescribe(Clients.of(key(), context), request.groupIds())
        .thenApply(
            described ->
                new ConsumerGroupDescribeResponseData()
                    .setGroups(
                        GroupOperations.told(
                            request.includeAuthorizedOperations(),
                            described,
                            DescribedGroup::errorCode,
                            DescribedGroup::setAuthorizedOperations)));
  }
}
