// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** DeleteGroups: those without members, with their offsets. */
final class DeleteGroupsApi implements KafkaApi<DeleteGroupsRequestData> {
  private final KafkaGroups groups;

  DeleteGroupsApi(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DELETE_GROUPS;
  }

  @Override
  public CompletableFuture<DeleteGroupsResponseData> handle(
      DeleteGroupsRequestData request, RequestContext context) {
    return groups
        .deleteGroups(
            Clients.of(key(), context), request.groupsNames().stream().distinct().toList())
        .thenApply(results -> new DeleteGroupsResponseData().setResults(results));
  }
}
