// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.concurrent.CompletableFuture;

/** Hands out producer ids that are unique in the cluster, for ever. Thread-safe. */
public interface ProducerIdService {

  /**
   * A producer id that nobody had before.
   *
   * @return completes exceptionally with a retriable {@link io.jangada.common.JangadaException}
   *     while the metadata quorum cannot be reached and the local block is used up
   */
  CompletableFuture<Long> nextProducerId();
}
