// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ProducerIdService;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Ids for idempotent producers. Nobody coordinates transactions here, and that is what producers
 * with a transactional id are told.
 */
final class InitProducerIdApi implements KafkaApi<InitProducerIdRequestData> {
  private static final short FIRST_EPOCH = 0;

  private final ProducerIdService ids;

  InitProducerIdApi(ProducerIdService ids) {
    this.ids = ids;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public CompletableFuture<? extends ApiMessage> handle(
      InitProducerIdRequestData request, RequestContext context) {
    boolean hasId = request.producerId() != RecordBatch.NO_PRODUCER_ID;
    boolean hasEpoch = request.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
    if (hasId != hasEpoch) {
      return CompletableFuture.failedFuture(
          Errors.INVALID_REQUEST.exception("expected both of producer id and epoch, or none"));
    }
    if (request.transactionalId() != null) {
      Errors error =
          request.transactionalId().isEmpty() ? Errors.INVALID_REQUEST : Errors.NOT_COORDINATOR;
      return CompletableFuture.failedFuture(error.exception());
    }
    return ids.nextProducerId()
        .thenApply(
            id -> new InitProducerIdResponseData().setProducerId(id).setProducerEpoch(FIRST_EPOCH));
  }
}
