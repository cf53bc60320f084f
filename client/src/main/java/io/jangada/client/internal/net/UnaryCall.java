// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One question, one answer. Knows whether a failed question can have reached the broker. */
public final class UnaryCall {
  private UnaryCall() {}

  /** Hears the end of a call; exactly one argument is not null. */
  @FunctionalInterface
  public interface Callback<A> {
    /** Called once, on a network thread; must not block. */
    void ended(@Nullable A answer, @Nullable JangadaException failure);
  }

  /**
   * Asks without blocking.
   *
   * @param callback gets the answer or the failure, which is definite where the question surely was
   *     not sent
   */
  public static <Q, A> void ask(
      Connection connection,
      MethodDescriptor<Q, A> method,
      Q question,
      Duration timeout,
      Callback<A> callback) {
    ManagedChannel channel = connection.channel();
    SentWatch sent = new SentWatch();
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(Math.max(1, timeout.toNanos()), TimeUnit.NANOSECONDS)
            .withStreamTracerFactory(sent);
    ClientCall<Q, A> call = channel.newCall(method, options);
    call.start(new Answer<>(connection, channel, sent, callback), new Metadata());
    call.request(2);
    call.sendMessage(question);
    call.halfClose();
  }

  /** The same with a future, which fails with a {@link JangadaException}. */
  public static <Q, A> CompletableFuture<A> ask(
      Connection connection, MethodDescriptor<Q, A> method, Q question, Duration timeout) {
    CompletableFuture<A> future = new CompletableFuture<>();
    ask(
        connection,
        method,
        question,
        timeout,
        (answer, failure) -> {
          if (failure == null) {
            future.complete(answer);
          } else {
            future.completeExceptionally(failure);
          }
        });
    return future;
  }

  /** Sees whether a request went out to the network. */
  private static final class SentWatch extends ClientStreamTracer.Factory {
    private volatile boolean sent;

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          sent = true;
        }
      };
    }
  }

  private static final class Answer<A> extends ClientCall.Listener<A> {
    private final Connection connection;
    private final ManagedChannel channel;
    private final SentWatch sent;
    private final Callback<A> callback;
    private @Nullable A message;

    Answer(Connection connection, ManagedChannel channel, SentWatch sent, Callback<A> callback) {
      this.connection = connection;
      this.channel = channel;
      this.sent = sent;
      this.callback = callback;
    }

    @Override
    public void onMessage(A received) {
      message = received;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      A received = message;
      if (status.isOk() && received != null) {
        connection.answered();
        callback.ended(received, null);
        return;
      }
      Status failure =
          status.isOk() ? Status.INTERNAL.withDescription("an answer without content") : status;
      if (failure.getCode() == Status.Code.UNAVAILABLE
          && !trailers.containsKey(WireErrors.TRAILER)) {
        connection.failed(channel, System.nanoTime());
      }
      callback.ended(
          null,
          WireErrors.fromCall(
              failure.asRuntimeException(trailers), connection.address().toString(), sent.sent));
    }
  }
}
