// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers the requests of one API. Thread-safe: connections on different threads share it.
 *
 * @param <Q> the request's message class of kafka-clients
 */
public interface KafkaApi<Q extends ApiMessage> {

  /** Which API. */
  ApiKeys key();

  /** The versions that are served, which are the versions that clients are told. */
  default Versions versions() {
    return Versions.allOf(key());
  }

  /**
   * Answers a request. Runs on the connection's thread: it must not block, and hands whatever takes
   * long to other threads.
   *
   * @param request belongs to the handler, as does the memory that it points to
   * @return the response's message, from any thread; null in it stands for no answer at all (a
   *     produce request with acks=0). If it fails, or this method throws, the whole request is
   *     refused with the error that {@link KafkaErrors} gives for that
   */
  CompletableFuture<? extends ApiMessage> handle(Q request, RequestContext context);
}
