// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** ListTransactions (KIP-664): there are none. */
final class ListTransactionsApi implements KafkaApi<ListTransactionsRequestData> {
  private static final Set<String> STATES =
      Set.of(
          "Empty",
          "Ongoing",
          "PrepareCommit",
          "PrepareAbort",
          "CompleteCommit",
          "CompleteAbort",
          "Dead",
          "PrepareEpochFence");

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_TRANSACTIONS;
  }

  @Override
  public CompletableFuture<ListTransactionsResponseData> handle(
      ListTransactionsRequestData request, RequestContext context) {
    ListTransactionsResponseData response = new ListTransactionsResponseData();
    request.stateFilters().stream()
        .filter(state -> !STATES.contains(state))
        .forEach(response.unknownStateFilters()::add);
    if (!isPattern(request.transactionalIdPattern())) {
      response.setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code());
    }
    return CompletableFuture.completedFuture(response);
  }

  private static boolean isPattern(@Nullable String text) {
    try {
      return text == null || Pattern.compile(text) != null;
    } catch (PatternSyntaxException invalid) {
      return false;
    }
  }
}
