// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the controller that are answered only when this broker sees their effect itself, and
 * the others in service too unless one takes too long, so that a client's next request does not
 * find the old state, wherever it goes. Thread-safe.
 */
final class ControllerRequests {
  private final ControllerGateway controller;
  private final ClusterMetadata metadata;
  private final MetadataVisibility visibility;

  ControllerRequests(
      ControllerGateway controller, ClusterMetadata metadata, MetadataVisibility visibility) {
    this.controller = controller;
    this.metadata = metadata;
    this.visibility = visibility;
  }

  /**
   * Submits.
   *
   * @param expected the answer as its own type, or null if it is another
   * @return fails with a {@link JangadaException} if the request is refused as a whole
   */
  <T extends ControllerAnswer> CompletableFuture<T> submit(
      ControllerRequest request, Function<ControllerAnswer, @Nullable T> expected) {
    return controller
        .submit(request)
        .thenCompose(
            answer -> {
              if (answer instanceof ControllerAnswer.Failed failed) {
                throw failed.refusal().toException();
              }
              T typed = expected.apply(answer);
              if (typed == null) {
                throw new JangadaException(
                    ErrorCode.INTERNAL, "expected an answer to " + request + ", but got " + answer);
              }
              return metadata
                  .reached(answer.index())
                  .thenCompose(seen -> visibility.everywhere(answer.index()))
                  .thenApply(seen -> typed);
            });
  }
}
