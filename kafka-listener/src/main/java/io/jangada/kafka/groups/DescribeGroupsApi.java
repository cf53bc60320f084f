// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeGroups: classic groups. */
final class DescribeGroupsApi implements KafkaApi<DescribeGroupsRequestData> {
  private final KafkaGroups groups;

  DescribeGroupsApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_GROUPS;
  }

  @Override
  public CompletableFuture<DescribeGroupsResponseData> handle(
      DescribeGroupsRequestData request, RequestContext context) {
    return groups
        .describeGroups(Clients.of(key(), context), request.groups())
        .thenApply(
            described ->
                new DescribeGroupsResponseData()
                    .setGroups(
                        GroupOperations.told(
                            request.includeAuthorizedOperations(),
                            described,
                            DescribedGroup::errorCode,
                            DescribedGroup::setAuthorizedOperations)));
  }
}
