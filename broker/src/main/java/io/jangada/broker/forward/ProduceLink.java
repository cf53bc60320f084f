// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.forward;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.v1.Acks;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The appends of all clients here that go to one leader: one stream, made when there is something
 * to send and made again after it broke. What waits for the connection is known not to be in doubt
 * if that cannot be made. Thread-safe; answers complete with no lock held.
 */
final class ProduceLink {
  private final Supplier<Channel> channels;
  private final Map<Long, Waiting> unanswered = new HashMap<>();
  private final Queue<Waiting> unsent = new ArrayDeque<>();
  private @Nullable ClientCall<ProduceRequest, ProduceResponse> call;
  private long nextId = 1;

  private static final class Waiting {
    final ProduceRequest request;
    final long id;
    final CompletableFuture<ProduceResponse> answer = new CompletableFuture<>();
    boolean sent;

    Waiting(ProduceRequest request, long id) {
      this.request = request;
      this.id = id;
    }
  }

  /**
   * A link that is not connected yet.
   *
   * @param channels gives the channel to the leader; may throw a {@link JangadaException}
   */
  ProduceLink(Supplier<Channel> channels) {
    this.channels = channels;
  }

  /** Passes a request on; it is given up after a time. */
  CompletableFuture<ProduceResponse> send(ProduceRequest request, Duration patience) {
    Waiting waiting;
    List<Waiting> settled;
    synchronized (this) {
      try {
        openIfNeeded();
      } catch (JangadaException e) {
        return CompletableFuture.failedFuture(e);
      }
      long id = nextId++;
      waiting = new Waiting(request.toBuilder().setForward(false).setCorrelationId(id).build(), id);
      unsent.add(waiting);
      settled = sendWhatMay();
    }
    settle(settled);
    return waiting
        .answer
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              if (failure != null) {
                throw forgotten(waiting, failure, patience);
              }
              return answered(request, response.toBuilder());
            });
  }

  private static ProduceResponse answered(
      ProduceRequest request, ProduceResponse.Builder response) {
    return response.setCorrelationId(request.getCorrelationId()).build();
  }

  private synchronized JangadaException forgotten(
      Waiting waiting, Throwable failure, Duration patience) {
    unanswered.remove(waiting.id);
    unsent.remove(waiting);
    return failure instanceof JangadaException typed
        ? typed
        : new JangadaException(
            ErrorCode.REQUEST_TIMED_OUT,
            "expected the leader to answer within " + patience.toMillis() + " ms, but it did not",
            "look whether the leader runs and can be reached from this broker",
            !waiting.sent,
            null);
  }

  // With the lock held.

  private void openIfNeeded() {
    if (call != null) {
      return;
    }
    ClientCall<ProduceRequest, ProduceResponse> opened =
        channels.get().newCall(ProduceServiceGrpc.getProduceMethod(), CallOptions.DEFAULT);
    call = opened;
    opened.start(new Listener(opened), new Metadata());
    opened.request(1);
  }

  /**
   * Sends while the transport takes it; called again when it is ready. Sending only enqueues, so
   * the lock is held for the sake of the order.
   *
   * @return those that nobody will answer: until here they counted as under way
   */
  private List<Waiting> sendWhatMay() {
    List<Waiting> settled = new ArrayList<>();
    ClientCall<ProduceRequest, ProduceResponse> open = call;
    while (open != null && open.isReady() && !unsent.isEmpty()) {
      Waiting next = unsent.remove();
      next.sent = true;
      if (next.request.getAcks() == Acks.ACKS_NONE) {
        settled.add(next);
      } else {
        unanswered.put(next.id, next);
      }
      open.sendMessage(next.request);
    }
    return settled;
  }

  private static void settle(List<Waiting> settled) {
    settled.forEach(each -> each.answer.complete(ProduceResponse.getDefaultInstance()));
  }

  private final class Listener extends ClientCall.Listener<ProduceResponse> {
    private final ClientCall<ProduceRequest, ProduceResponse> own;

    Listener(ClientCall<ProduceRequest, ProduceResponse> own) {
      this.own = own;
    }

    @Override
    public void onReady() {
      List<Waiting> settled = List.of();
      synchronized (ProduceLink.this) {
        if (call == own) {
          settled = sendWhatMay();
        }
      }
      settle(settled);
    }

    @Override
    public void onMessage(ProduceResponse response) {
      Waiting waiting;
      synchronized (ProduceLink.this) {
        waiting = unanswered.remove(response.getCorrelationId());
      }
      if (waiting != null) {
        waiting.answer.complete(response);
      }
      own.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      List<Waiting> given;
      synchronized (ProduceLink.this) {
        if (call != own) {
          return;
        }
        call = null;
        given = new ArrayList<>(unanswered.values());
        given.addAll(unsent);
        unanswered.clear();
        unsent.clear();
      }
      StatusRuntimeException why =
          (status.isOk() ? Status.UNAVAILABLE.withDescription("the leader ended it") : status)
              .asRuntimeException(trailers);
      for (Waiting waiting : given) {
        JangadaException failure = WireErrors.fromCall(why, "the leader", waiting.sent);
        waiting.answer.completeExceptionally(
            waiting.sent && failure.definite() && WireErrors.inTrailers(why).isEmpty()
                ? new JangadaException(
                    failure.code(), failure.getMessage(), failure.hint(), false, failure)
                : failure);
      }
    }
  }
}
