// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeTransactions (KIP-664). There are no transactions, so nobody coordinates any: what a
 * broker of Kafka answers that holds no partition of their log.
 */
final class DescribeTransactionsApi implements KafkaApi<DescribeTransactionsRequestData> {
  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_TRANSACTIONS;
  }

  @Override
  public CompletableFuture<DescribeTransactionsResponseData> handle(
      DescribeTransactionsRequestData request, RequestContext context) {
    DescribeTransactionsResponseData response = new DescribeTransactionsResponseData();
    for (String id : request.transactionalIds()) {
      response
          .transactionStates()
          .add(
              new TransactionState()
                  .setTransactionalId(id)
                  .setErrorCode(Errors.NOT_COORDINATOR.code()));
    }
    return CompletableFuture.completedFuture(response);
  }
}
