// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ControllerGateway;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** A quorum leader whose answers the test gives. */
final class ScriptedController implements ControllerGateway {
  record Call(ControllerRequest request, CompletableFuture<ControllerAnswer> answer) {}

  private final Queue<Call> calls = new ArrayDeque<>();

  @Override
  public CompletableFuture<ControllerAnswer> submit(ControllerRequest request) {
    Call call = new Call(request, new CompletableFuture<>());
    calls.add(call);
    return call.answer();
  }

  Call next() {
    return calls.remove();
  }

  boolean isIdle() {
    return calls.isEmpty();
  }
}
