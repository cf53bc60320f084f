// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import java.util.concurrent.CompletableFuture;

/** The way to the quorum leader, wherever it is. Thread-safe; never blocks. */
public interface ControllerGateway {

  /**
   * Sends the request to the quorum leader.
   *
   * @return its answer; completes exceptionally with a {@link io.jangada.common.JangadaException}
   *     if there is none, and then the request may have been carried out unless it is definite
   */
  CompletableFuture<ControllerAnswer> submit(ControllerRequest request);
}
