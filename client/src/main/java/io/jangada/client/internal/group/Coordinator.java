// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.group;

import io.grpc.MethodDescriptor;
import io.jangada.api.v1.CommitOffsetsRequest;
import io.jangada.api.v1.CommitOffsetsResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.FetchOffsetsRequest;
import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupHeartbeatRequest;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.GroupServiceGrpc;
import io.jangada.api.v1.LeaderHint;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.net.Backoff;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.UnaryCall;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to the broker that coordinates a group: straight to it where it is known and can be
 * reached, else through any other, which passes on and says who it was. Thread-safe; never blocks.
 */
public final class Coordinator {
  private final Shared shared;
  private volatile @Nullable BrokerAddress known;
  private volatile @Nullable BrokerAddress suspect;

  /** Nobody is known to coordinate yet. */
  public Coordinator(Shared shared) {
    this.shared = shared;
  }

  /** Asks once; fails with a {@link JangadaException}. */
  CompletableFuture<GroupHeartbeatResponse> heartbeat(GroupHeartbeatRequest request) {
    return ask(
        GroupServiceGrpc.getHeartbeatMethod(),
        forward -> request.toBuilder().setForward(forward).build(),
        answer -> answer.hasError() ? answer.getError() : null,
        answer -> answer.hasCoordinator() ? answer.getCoordinator() : null);
  }

  /** Asks once; fails with a {@link JangadaException}. */
  CompletableFuture<CommitOffsetsResponse> commit(CommitOffsetsRequest request) {
    return ask(
        GroupServiceGrpc.getCommitOffsetsMethod(),
        forward -> request.toBuilder().setForward(forward).build(),
        answer -> answer.hasError() ? answer.getError() : null,
        answer -> answer.hasCoordinator() ? answer.getCoordinator() : null);
  }

  /** Asks once; fails with a {@link JangadaException}. */
  CompletableFuture<FetchOffsetsResponse> fetch(FetchOffsetsRequest request) {
    return ask(
        GroupServiceGrpc.getFetchOffsetsMethod(),
        forward -> request.toBuilder().setForward(forward).build(),
        answer -> answer.hasError() ? answer.getError() : null,
        answer -> answer.hasCoordinator() ? answer.getCoordinator() : null);
  }

  private <Q, A> CompletableFuture<A> ask(
      MethodDescriptor<Q, A> method,
      Function<Boolean, Q> request,
      Function<A, @Nullable Error> errorIn,
      Function<A, @Nullable LeaderHint> coordinatorIn) {
    BrokerAddress direct = known;
    Connection connection;
    boolean forward;
    try {
      long now = System.nanoTime();
      forward = direct == null || shared.connections().to(direct).unreachable(now);
      Optional<Connection> way =
          forward
              ? shared.rotation().next(now, direct == null ? suspect : direct)
              : Optional.of(shared.connections().to(direct));
      if (way.isEmpty()) {
        return CompletableFuture.failedFuture(
            new JangadaException(
                ErrorCode.UNAVAILABLE,
                "expected a broker to ask about the group, but none can be reached",
                "look whether brokers run at the bootstrap addresses"));
      }
      connection = way.get();
    } catch (JangadaException closed) {
      return CompletableFuture.failedFuture(closed);
    }
    return UnaryCall.ask(
            connection, method, request.apply(forward), shared.config().attemptTimeout())
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                // Another one may know better.
                known = null;
                suspect = connection.address();
                throw typed(failure);
              }
              suspect = null;
              Error error = errorIn.apply(answer);
              if (error != null) {
                JangadaException refusal = WireErrors.fromWire(error);
                if (refusal.code() == ErrorCode.NOT_COORDINATOR) {
                  known = error.hasLeader() ? address(error.getLeader()) : null;
                }
                throw refusal;
              }
              LeaderHint coordinator = coordinatorIn.apply(answer);
              if (coordinator != null) {
                known = address(coordinator);
              } else if (forward) {
                known = connection.address();
              }
              return answer;
            });
  }

  private static @Nullable BrokerAddress address(LeaderHint hint) {
    try {
      return BrokerAddress.parse(hint.getAddress());
    } catch (JangadaException malformed) {
      return null;
    }
  }

  /**
   * Asks until there is an answer.
   *
   * @param patience then it fails with REQUEST_TIMED_OUT, which is not definite
   * @param worthIt whether a failure may go away
   */
  static <A> CompletableFuture<A> retrying(
      Supplier<CompletableFuture<A>> question,
      Duration patience,
      Function<JangadaException, Boolean> worthIt) {
    CompletableFuture<A> end = new CompletableFuture<>();
    new Retry<>(question, patience, worthIt, end).run();
    return end;
  }

  /** Runs later, on the JVM's own timer thread. */
  static void later(long nanos, Runnable task) {
    Executor timer = CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run);
    timer.execute(task);
  }

  /** The failure itself; what is not typed is a defect. */
  static JangadaException typed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof JangadaException typed
        ? typed
        : new JangadaException(
            ErrorCode.INTERNAL, "expected an answer, but hit a defect: " + cause, "", false, cause);
  }

  private static final class Retry<A> implements Runnable {
    private final Supplier<CompletableFuture<A>> question;
    private final Duration patience;
    private final Function<JangadaException, Boolean> worthIt;
    private final CompletableFuture<A> end;
    private final Backoff backoff = Backoff.ofRetries();
    private final long begunNanos = System.nanoTime();

    Retry(
        Supplier<CompletableFuture<A>> question,
        Duration patience,
        Function<JangadaException, Boolean> worthIt,
        CompletableFuture<A> end) {
      this.question = question;
      this.patience = patience;
      this.worthIt = worthIt;
      this.end = end;
    }

    @Override
    public void run() {
      var unused =
          question
              .get()
              .whenComplete(
                  (answer, failure) -> {
                    if (failure == null) {
                      end.complete(answer);
                    } else {
                      failed(typed(failure));
                    }
                  });
    }

    private void failed(JangadaException why) {
      if (!worthIt.apply(why)) {
        end.completeExceptionally(why);
        return;
      }
      long pause = backoff.nextNanos();
      if (System.nanoTime() - begunNanos + pause >= patience.toNanos()) {
        end.completeExceptionally(
            new JangadaException(
                ErrorCode.REQUEST_TIMED_OUT,
                "expected the group's coordinator to answer within "
                    + patience
                    + ", but "
                    + why.getMessage(),
                why.hint(),
                false,
                why));
        return;
      }
      later(pause, this);
    }
  }
}
