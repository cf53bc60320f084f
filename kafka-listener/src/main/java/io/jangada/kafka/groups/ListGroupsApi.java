// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** ListGroups: those that are coordinated here; clients ask every broker. */
final class ListGroupsApi implements KafkaApi<ListGroupsRequestData> {
  private final KafkaGroups groups;

  ListGroupsApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_GROUPS;
  }

  @Override
  public CompletableFuture<ListGroupsResponseData> handle(
      ListGroupsRequestData request, RequestContext context) {
    return groups.listGroups(Clients.of(key(), context), request);
  }
}
