// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.forward;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.jangada.broker.service.NotCoordinatorException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes calls about groups on to their coordinators. Thread-safe; never blocks. Futures fail with
 * a {@link JangadaException} that says whether the coordinator may have carried the call out.
 */
public final class GroupForwarder {
  private static final int MAX_IN_FLIGHT = 10_000;
  private static final long TIMEOUT_MS = 5_000;

  private final Peers peers;
  private final ForwardingMetrics metrics;
  private final AtomicInteger inFlight = new AtomicInteger();

  /** A forwarder over channels that somebody else closes. */
  public GroupForwarder(Peers peers, ForwardingMetrics metrics) {
    this.peers = peers;
    this.metrics = metrics;
  }

  /**
   * Asks the coordinator; what it refuses is its answer.
   *
   * @param request that it is not to pass on in its turn
   * @return fails with OVERLOADED if too much is under way
   */
  public <Q, A> CompletableFuture<A> ask(
      NotCoordinatorException coordinator, MethodDescriptor<Q, A> method, Q request) {
    Optional<Channel> channel = peers.channelTo(coordinator.coordinatorId());
    if (channel.isEmpty()) {
      return CompletableFuture.failedFuture(
          new JangadaException(
              ErrorCode.LEADER_NOT_AVAILABLE,
              "expected to know where broker "
                  + coordinator.coordinatorId()
                  + " is, but it is not registered"));
    }
    int before = inFlight.getAndIncrement();
    CompletableFuture<A> answer = new CompletableFuture<>();
    if (before >= MAX_IN_FLIGHT) {
      answer.completeExceptionally(
          new JangadaException(
              ErrorCode.OVERLOADED,
              "expected fewer than "
                  + MAX_IN_FLIGHT
                  + " calls on their way through this broker to coordinators, but there are "
                  + before,
              "connect to " + coordinator.coordinatorAddress()));
    } else {
      metrics.forwarded(ForwardingMetrics.Kind.GROUPS);
      ClientCalls.asyncUnaryCall(
          channel
              .get()
              .newCall(
                  method, CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)),
          request,
          new OnlyAnswer<>(answer, coordinator.coordinatorAddress()));
    }
    return answer.whenComplete(
        (value, failure) -> {
          inFlight.decrementAndGet();
          if (failure != null) {
            Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure;
            metrics.failed(
                ForwardingMetrics.Kind.GROUPS,
                cause instanceof JangadaException typed ? typed.code() : ErrorCode.INTERNAL);
          }
        });
  }

  private record OnlyAnswer<A>(CompletableFuture<A> answer, String address)
      implements StreamObserver<A> {
    @Override
    public void onNext(A value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(WireErrors.fromCall(failure, address, true));
    }

    @Override
    public void onCompleted() {
      answer.completeExceptionally(
          new JangadaException(
              ErrorCode.INTERNAL, "expected an answer of " + address + ", but it gave none"));
    }
  }
}
