// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.admin;

import io.grpc.MethodDescriptor;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.net.Backoff;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.UnaryCall;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks one broker after the other until one answers or the time is over. A change is asked for
 * again only if the attempt before surely had no effect. Thread-safe.
 */
final class AdminCalls {
  /** How long it is tried where no address answers at all. */
  private static final Duration UNREACHABLE_PATIENCE = Duration.ofSeconds(5);

  private static final String BUT = ", but ";

  /** How many brokers are asked that do not reach the quorum. */
  private static final int ASKED_WITHOUT_QUORUM = 2;

  private final Shared shared;

  /** The broker that carried out the last change, if there was one. */
  private volatile @Nullable BrokerAddress seesChanges;

  AdminCalls(Shared shared) {
    this.shared = shared;
  }

  /** Asks what can be asked any number of times. */
  <Q, A> A read(MethodDescriptor<Q, A> method, Q question) {
    return new Attempt<>(method, question, true, answer -> null).run();
  }

  /**
   * The same, of what may fail in parts.
   *
   * @param failure finds in an answer the error for which all of it failed, or null
   */
  <Q, A> A read(
      MethodDescriptor<Q, A> method, Q question, Function<A, @Nullable JangadaException> failure) {
    return new Attempt<>(method, question, true, failure).run();
  }

  /**
   * Asks for a change.
   *
   * @param failure finds in an answer the error for which all of it was not done, or null
   */
  <Q, A> A change(
      MethodDescriptor<Q, A> method, Q question, Function<A, @Nullable JangadaException> failure) {
    return new Attempt<>(method, question, false, failure).run();
  }

  /** Asks for what comes in pieces, which are handed on in order. Blocks until all have come. */
  <Q, A> void pieces(MethodDescriptor<Q, A> method, Q question, Consumer<A> to) {
    new PieceStream<>(shared, method, question, to).run();
  }

  private final class Attempt<Q, A> {
    private final MethodDescriptor<Q, A> method;
    private final Q question;
    private final boolean repeatable;
    private final Function<A, @Nullable JangadaException> failureIn;
    private final long begunNanos = System.nanoTime();
    private final Backoff backoff = Backoff.ofRetries();
    private @Nullable BrokerAddress lastFailed;
    private @Nullable JangadaException lastFailure;
    private boolean reached;
    private int withoutQuorum;

    Attempt(
        MethodDescriptor<Q, A> method,
        Q question,
        boolean repeatable,
        Function<A, @Nullable JangadaException> failureIn) {
      this.method = method;
      this.question = question;
      this.repeatable = repeatable;
      this.failureIn = failureIn;
    }

    A run() {
      try {
        while (true) {
          long now = System.nanoTime();
          if (leftNanos(now) <= 0) {
            throw timedOut();
          }
          Optional<Connection> next = next(now);
          if (next.isEmpty()) {
            sleep(Math.max(1, shared.rotation().waitNanos(now)));
            continue;
          }
          A answer = ask(next.get(), now);
          if (answer != null) {
            return answer;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new JangadaException(
            ErrorCode.REQUEST_TIMED_OUT,
            "expected an answer, but the thread was interrupted",
            "",
            repeatable,
            e);
      }
    }

    /** A broker answers for a change once it sees it itself; others may still be behind. */
    private Optional<Connection> next(long now) {
      BrokerAddress preferred = seesChanges;
      Optional<Connection> next =
          preferred == null || preferred.equals(lastFailed)
              ? Optional.empty()
              : shared.rotation().at(preferred, now);
      return next.isPresent() ? next : shared.rotation().next(now, lastFailed);
    }

    /** The answer, or null if it is worth asking again. */
    private @Nullable A ask(Connection connection, long now) throws InterruptedException {
      shared.meters().adminCalls.increment();
      JangadaException failure;
      A answer = null;
      try {
        answer =
            UnaryCall.ask(connection, method, question, Duration.ofNanos(leftNanos(now))).get();
        reached = true;
        failure = failureIn.apply(answer);
        if (failure == null || !worthAnotherTry(failure)) {
          if (failure == null && !repeatable) {
            seesChanges = connection.address();
          }
          return answer;
        }
      } catch (ExecutionException e) {
        failure = typed(e.getCause());
        if (failure.code() == ErrorCode.REQUEST_TIMED_OUT && failure.definite()) {
          // The time ended before there was a connection: what went wrong before says more.
          lastFailed = connection.address();
          lastFailure = lastFailure == null ? failure : lastFailure;
          return null;
        }
        reached |= failure.code() != ErrorCode.UNAVAILABLE;
        if (!worthAnotherTry(failure)) {
          throw failure;
        }
      } catch (CancellationException e) {
        throw new IllegalStateException("nobody cancels this call", e);
      }
      lastFailed = connection.address();
      lastFailure = failure;
      if (failure.code() != ErrorCode.UNAVAILABLE) {
        long pause = backoff.nextNanos();
        if (answer != null && leftNanos(System.nanoTime()) <= pause) {
          return answer; // it says itself what is wrong
        }
        sleep(pause);
      }
      return null;
    }

    private boolean worthAnotherTry(JangadaException failure) {
      return switch (failure.code()) {
        case UNAVAILABLE,
            NETWORK_ERROR,
            NOT_CONTROLLER,
            OVERLOADED,
            BROKER_NOT_REGISTERED,
            NOT_COORDINATOR,
            COORDINATOR_LOADING,
            SHUTTING_DOWN ->
            repeatable || failure.definite();
        // The broker has waited for the quorum itself; another one may have a better way to it.
        case QUORUM_UNAVAILABLE ->
            (repeatable || failure.definite()) && ++withoutQuorum < ASKED_WITHOUT_QUORUM;
        default -> false;
      };
    }

    private long leftNanos(long now) {
      Duration whole = shared.config().requestTimeout();
      boolean shorter = !reached && UNREACHABLE_PATIENCE.compareTo(whole) < 0;
      return (shorter ? UNREACHABLE_PATIENCE : whole).toNanos() - (now - begunNanos);
    }

    private void sleep(long nanos) throws InterruptedException {
      long bounded = Math.min(nanos, Math.max(0, leftNanos(System.nanoTime())));
      java.util.concurrent.TimeUnit.NANOSECONDS.sleep(bounded);
    }

    private JangadaException timedOut() {
      JangadaException last = lastFailure;
      if (last != null && reached) {
        return last;
      }
      return new JangadaException(
          ErrorCode.UNAVAILABLE,
          "expected a broker at "
              + shared.config().bootstrap().stream()
                  .map(BrokerAddress::toString)
                  .collect(Collectors.joining(" or "))
              + ", but "
              + (last == null ? "none could be tried in time" : reason(last)),
          "start the brokers, or name another address with --bootstrap",
          true,
          last);
    }
  }

  /** Behind "expected X, but". */
  private static String reason(JangadaException failure) {
    String message = String.valueOf(failure.getMessage());
    int but = message.indexOf(BUT);
    return but < 0 ? message : message.substring(but + BUT.length());
  }

  private static JangadaException typed(@Nullable Throwable cause) {
    if (cause instanceof JangadaException typed) {
      return typed;
    }
    return new JangadaException(
        ErrorCode.INTERNAL, "expected a typed error, but got " + cause, "", false, cause);
  }
}
