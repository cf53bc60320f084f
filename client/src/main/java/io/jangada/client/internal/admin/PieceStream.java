// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.admin;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.net.Connection;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks one broker after the other for something that comes in pieces, until one begins to answer or
 * the time is over. What has begun is not asked for again. Blocks. For one thread.
 */
final class PieceStream<Q, A> {
  /** A large answer on a slow line. */
  private static final long WHOLE_MINUTES = 10;

  private final Shared shared;
  private final MethodDescriptor<Q, A> method;
  private final Q question;
  private final Consumer<A> to;
  private final long deadlineNanos;
  private @Nullable BrokerAddress lastFailed;
  private boolean begun;

  PieceStream(Shared shared, MethodDescriptor<Q, A> method, Q question, Consumer<A> to) {
    this.shared = shared;
    this.method = method;
    this.question = question;
    this.to = to;
    this.deadlineNanos = System.nanoTime() + shared.config().requestTimeout().toNanos();
  }

  /** Hands on all pieces, in order. */
  void run() {
    JangadaException last = null;
    while (true) {
      long now = System.nanoTime();
      Optional<Connection> next = shared.rotation().next(now, lastFailed);
      if (next.isPresent()) {
        last = attempt(next.get());
        if (last == null) {
          return;
        }
        lastFailed = next.get().address();
        if (begun || !last.retriable()) {
          throw last;
        }
      }
      pause(Math.max(1, shared.rotation().waitNanos(now)), last);
    }
  }

  /** Null when everything came. */
  private @Nullable JangadaException attempt(Connection connection) {
    ManagedChannel channel = connection.channel();
    try {
      Iterator<A> pieces =
          ClientCalls.blockingServerStreamingCall(
              channel,
              method,
              CallOptions.DEFAULT.withDeadlineAfter(WHOLE_MINUTES, TimeUnit.MINUTES),
              question);
      while (pieces.hasNext()) {
        A piece = pieces.next();
        begun = true;
        to.accept(piece);
      }
      connection.answered();
      return null;
    } catch (StatusRuntimeException e) {
      boolean lost =
          e.getStatus().getCode() == Status.Code.UNAVAILABLE
              && (e.getTrailers() == null || !e.getTrailers().containsKey(WireErrors.TRAILER));
      if (lost) {
        connection.failed(channel, System.nanoTime());
      }
      return WireErrors.fromCall(e, connection.address().toString(), begun || !lost);
    }
  }

  private void pause(long nanos, @Nullable JangadaException last) {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      throw last != null
          ? last
          : new JangadaException(
              ErrorCode.UNAVAILABLE, "expected a broker to answer, but none can be reached");
    }
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(nanos, left));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JangadaException(
          ErrorCode.REQUEST_TIMED_OUT,
          "expected an answer, but the thread was interrupted",
          "",
          true,
          e);
    }
  }
}
