// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import io.jangada.kafka.api.ApiTable;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.codec.RequestFrame;
import io.jangada.kafka.codec.ResponseFrame;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands requests to whoever answers them, and makes frames of the answers. Thread-safe. */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final ApiTable table;
  private final ListenerMetrics metrics;

  Dispatcher(ApiTable table, ListenerMetrics metrics) {
    this.table = table;
    this.metrics = metrics;
  }

  /** Whether there is somebody to answer that version. */
  boolean serves(ApiKeys key, short version) {
    KafkaApi<?> api = table.of(key);
    return api != null && api.versions().contains(version);
  }

  /**
   * Has the request answered.
   *
   * @param whenAnswered called on any thread, perhaps before this returns
   */
  void dispatch(Exchange exchange, Runnable whenAnswered) {
    var unused =
        handle(exchange)
            .whenComplete(
                (message, failure) -> {
                  exchange.answered(message, failure);
                  metrics.answered(exchange.request().key(), exchange.ageNs());
                  whenAnswered.run();
                });
  }

  private CompletableFuture<? extends ApiMessage> handle(Exchange exchange) {
    RequestFrame request = exchange.request();
    try {
      if (!serves(request.key(), request.version()) || unsupported(request)) {
        return CompletableFuture.failedFuture(Errors.UNSUPPORTED_VERSION.exception());
      }
      return handle(table.of(request.key()), exchange);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static boolean unsupported(RequestFrame request) {
    return request.request() instanceof org.apache.kafka.common.requests.ApiVersionsRequest versions
        && versions.hasUnsupportedRequestVersion();
  }

  @SuppressWarnings("unchecked") // The table finds who answers messages of the request's key.
  private static <Q extends ApiMessage> CompletableFuture<? extends ApiMessage> handle(
      @Nullable KafkaApi<Q> api, Exchange exchange) {
    return java.util.Objects.requireNonNull(api)
        .handle((Q) exchange.request().request().data(), exchange);
  }

  /**
   * The answer as it is to be written.
   *
   * @return null if none is wanted
   */
  @Nullable ResponseFrame frame(Exchange exchange, Exchange.Answer answer) {
    RequestFrame request = exchange.request();
    Throwable failure = answer.failure();
    ApiMessage message = answer.message();
    if (failure != null) {
      Errors error = KafkaErrors.of(failure);
      boolean defect = KafkaErrors.isDefect(failure);
      metrics.refused(request.key(), defect ? "defect" : error.name());
      if (defect) {
        log.error(
            "A {} request of version {} from {} failed",
            request.key().name,
            request.version(),
            exchange.client(),
            KafkaErrors.cause(failure));
      }
      message = request.refusal(error, KafkaErrors.message(failure));
    }
    return message == null
        ? null
        : new ResponseFrame(request.key(), request.version(), request.correlationId(), message);
  }
}
