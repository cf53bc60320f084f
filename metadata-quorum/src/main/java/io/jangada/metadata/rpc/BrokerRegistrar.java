// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's registration as a broker and its session.
 *
 * <pre>
 *   IDLE --register--> REGISTERING --Registered--> IN SESSION --not registered--> REGISTERING
 *                           `--refused for good--> SUPERSEDED <--stale epoch--'
 * </pre>
 */
final class BrokerRegistrar implements SessionLoop.Events, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerRegistrar.class);
  private static final Duration ATTEMPT = Duration.ofSeconds(10);
  private static final long RETRY_MS = 50;

  private final int brokerId;
  private final ScheduledExecutorService thread;
  private final Submitter submitter;
  private final SessionLoop session;
  private final CompletableFuture<Long> first = new CompletableFuture<>();
  private @Nullable BrokerIdentity identity;
  private @Nullable RegistrationListener listener;
  private volatile long brokerEpoch = BrokerRegistration.UNASSIGNED;
  private volatile boolean fenced = true;
  private volatile boolean closed;

  BrokerRegistrar(
      MetadataClientConfig config,
      QuorumChannels channels,
      ScheduledExecutorService thread,
      Submitter submitter,
      LongSupplier metadataIndex) {
    this.brokerId = config.nodeId();
    this.thread = thread;
    this.submitter = submitter;
    this.session = new SessionLoop(config, channels, thread, metadataIndex, this);
  }

  CompletableFuture<Long> register(BrokerIdentity newIdentity, RegistrationListener newListener) {
    thread.execute(
        () -> {
          identity = newIdentity;
          listener = newListener;
          attempt();
        });
    return first;
  }

  private void attempt() {
    BrokerIdentity self = identity;
    if (self == null || closed) {
      return;
    }
    var unused =
        submitter
            .submit(
                new ControllerRequest.RegisterBroker(
                    brokerId,
                    self.incarnation(),
                    self.profile(),
                    self.provenance(),
                    self.verdicts()),
                ATTEMPT)
            .whenCompleteAsync(this::answered, thread);
  }

  private void answered(@Nullable ControllerAnswer answer, @Nullable Throwable error) {
    if (answer instanceof ControllerAnswer.Registered registered) {
      registered(registered.brokerEpoch());
    } else if (answer instanceof ControllerAnswer.Failed failed
        && !failed.refusal().code().retriable()) {
      superseded(failed.refusal().toException());
    } else if (error != null && !MetadataClient.typed(error).retriable()) {
      superseded(MetadataClient.typed(error));
    } else {
      LOG.info("broker {} registers again: {}", brokerId, answer, error);
      retry();
    }
  }

  private void retry() {
    try {
      var unused = thread.schedule(this::attempt, RETRY_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
    }
  }

  private void registered(long epoch) {
    LOG.info("broker {} is registered, epoch {}", brokerId, epoch);
    brokerEpoch = epoch;
    fenced = true;
    BrokerIdentity self = identity;
    if (self != null) {
      // From here on the logs grow: should this process have to register again, what recovery found
      // says nothing of where they end.
      identity = self.withoutEnds();
    }
    RegistrationListener told = listener;
    if (told != null) {
      told.registered(epoch);
    }
    first.complete(epoch);
    if (!closed) {
      session.start(epoch);
    }
  }

  @Override
  public void fenced(boolean nowFenced) {
    boolean changed = fenced != nowFenced;
    fenced = nowFenced;
    RegistrationListener told = listener;
    if (changed && told != null) {
      told.fenced(nowFenced);
    }
  }

  @Override
  public long oldestSyncAgeMs() {
    RegistrationListener told = listener;
    return told == null ? 0 : told.oldestSyncAgeMs();
  }

  @Override
  public void notRegistered() {
    retry();
  }

  @Override
  public void superseded(JangadaException reason) {
    LOG.error("broker {} can't go on: {}", brokerId, reason.getMessage());
    RegistrationListener told = listener;
    if (told != null) {
      told.superseded(reason);
    }
    first.completeExceptionally(reason);
  }

  CompletableFuture<Integer> controlledShutdown(Duration timeout) {
    CompletableFuture<Integer> promise = new CompletableFuture<>();
    askToStop(System.nanoTime() + timeout.toNanos(), promise);
    return promise;
  }

  private void askToStop(long deadlineNanos, CompletableFuture<Integer> promise) {
    Duration left = Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
    var unused =
        submitter
            .submit(new ControllerRequest.ControlledShutdown(brokerId, brokerEpoch), left)
            .whenComplete(
                (answer, error) -> {
                  if (answer instanceof ControllerAnswer.ShutdownProgress progress) {
                    boolean over = System.nanoTime() - deadlineNanos >= 0;
                    if (progress.remaining() == 0 || over) {
                      promise.complete(progress.remaining());
                    } else {
                      askLater(deadlineNanos, promise);
                    }
                  } else if (answer instanceof ControllerAnswer.Failed failed) {
                    promise.completeExceptionally(failed.refusal().toException());
                  } else {
                    promise.completeExceptionally(
                        error != null
                            ? error
                            : new JangadaException(
                                ErrorCode.INTERNAL, "expected progress, but got " + answer));
                  }
                });
  }

  private void askLater(long deadlineNanos, CompletableFuture<Integer> promise) {
    try {
      var unused =
          thread.schedule(() -> askToStop(deadlineNanos, promise), RETRY_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      promise.completeExceptionally(e);
    }
  }

  long brokerEpoch() {
    return brokerEpoch;
  }

  boolean fenced() {
    return fenced;
  }

  long lastContactNanos() {
    return session.lastContactNanos();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.execute(session::stop);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed before", e);
    }
  }
}
