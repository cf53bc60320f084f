// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.jangada.api.v1.LeaderHint;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.Heartbeat;
import io.jangada.internal.v1.HeartbeatAnswer;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's session with the controller: one stream, a heartbeat four times in the session timeout
 * and, while fenced, as soon as there is something new to say. Each heartbeat echoes the last
 * answer (REPLICATION, rule 25). Owned by the client's session thread.
 */
final class SessionLoop {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);
  private static final long RECONNECT_MS = 30;
  private static final long FENCED_INTERVAL_MS = 20;

  /** What the loop reports, on the session's thread. */
  interface Events {
    void fenced(boolean fenced);

    void notRegistered();

    void superseded(JangadaException reason);

    /** What the heartbeat says of the disk (rule 13). */
    long oldestSyncAgeMs();
  }

  private final UUID clusterId;
  private final int brokerId;
  private final QuorumChannels channels;
  private final ScheduledExecutorService thread;
  private final LongSupplier metadataIndex;
  private final Duration sessionTimeout;
  private final Events events;

  private long brokerEpoch;
  private @Nullable Stream current;
  private boolean fenced = true;
  private boolean stopped;

  /** When the last heartbeat that was answered had been sent; a lease may count from there. */
  private volatile long lastContactNanos = Long.MIN_VALUE;

  SessionLoop(
      MetadataClientConfig config,
      QuorumChannels channels,
      ScheduledExecutorService thread,
      LongSupplier metadataIndex,
      Events events) {
    this.clusterId = config.clusterId();
    this.brokerId = config.nodeId();
    this.sessionTimeout = config.sessionTimeout();
    this.channels = channels;
    this.thread = thread;
    this.metadataIndex = metadataIndex;
    this.events = events;
  }

  /** Begins, or begins anew with another epoch. */
  void start(long epoch) {
    stop();
    stopped = false;
    brokerEpoch = epoch;
    fenced = true;
    open();
  }

  void stop() {
    stopped = true;
    @Nullable Stream stream = current;
    current = null;
    if (stream != null) {
      stream.cancel();
    }
  }

  long lastContactNanos() {
    return lastContactNanos;
  }

  private void open() {
    if (stopped) {
      return;
    }
    Stream stream = new Stream(channels.leader());
    current = stream;
    stream.open();
    stream.beat();
  }

  private void reopen(Stream of, @Nullable LeaderHint hint) {
    if (current != of || stopped) {
      return;
    }
    current = null;
    of.cancel();
    boolean atOnce = channels.notLeader(of.member.nodeId(), hint) && of.answers > 0;
    schedule(this::open, atOnce ? 0 : RECONNECT_MS);
  }

  private void schedule(Runnable task, long delayMs) {
    try {
      var unused = thread.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
    }
  }

  /** One connection to one member. */
  private final class Stream implements ClientResponseObserver<Heartbeat, HeartbeatAnswer> {
    private final QuorumMember member;
    private @Nullable ClientCallStreamObserver<Heartbeat> requests;
    private long echo;
    private long answers;
    private long sentNanos;
    private boolean awaitingAnswer;

    Stream(QuorumMember member) {
      this.member = member;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Heartbeat> stream) {
      requests = stream;
    }

    void open() {
      var unused = QuorumServiceGrpc.newStub(channels.channel(member)).session(this);
    }

    void beat() {
      if (current != this || requests == null) {
        return;
      }
      if (awaitingAnswer) {
        long silentNanos = System.nanoTime() - sentNanos;
        if (silentNanos > sessionTimeout.toNanos() / 2) {
          LOG.info("broker {}: no answer of the controller on {}", brokerId, member);
          reopen(this, null);
          return;
        }
      } else {
        awaitingAnswer = true;
        sentNanos = System.nanoTime();
        requests.onNext(
            Heartbeat.newBuilder()
                .setClusterId(clusterId.toString())
                .setBrokerId(brokerId)
                .setBrokerEpoch(brokerEpoch)
                .setLastAnswer(echo)
                .setMetadataIndex(metadataIndex.getAsLong())
                .setOldestSyncAgeMs(events.oldestSyncAgeMs())
                .build());
      }
      schedule(this::beat, fenced ? FENCED_INTERVAL_MS : sessionTimeout.toMillis() / 4);
    }

    @Override
    public void onNext(HeartbeatAnswer answer) {
      handOff(() -> answered(answer));
    }

    @Override
    public void onError(Throwable error) {
      handOff(
          () -> {
            LOG.debug("broker {}: session with {} broke", brokerId, member, error);
            reopen(this, null);
          });
    }

    @Override
    public void onCompleted() {
      handOff(() -> reopen(this, null));
    }

    private void answered(HeartbeatAnswer answer) {
      if (current != this) {
        return;
      }
      if (answer.hasError()) {
        failed(answer.getError());
        return;
      }
      answers++;
      echo = answer.getNumber();
      awaitingAnswer = false;
      lastContactNanos = sentNanos;
      if (fenced != answer.getFenced() || answers == 1) {
        fenced = answer.getFenced();
        events.fenced(fenced);
      }
    }

    private void failed(io.jangada.api.v1.Error error) {
      JangadaException typed = WireErrors.fromWire(error);
      if (typed.code() == ErrorCode.STALE_BROKER_EPOCH) {
        stop();
        events.superseded(typed);
      } else if (typed.code() == ErrorCode.BROKER_NOT_REGISTERED) {
        stop();
        events.notRegistered();
      } else {
        reopen(this, error.hasLeader() ? error.getLeader() : null);
      }
    }

    private void handOff(Runnable task) {
      try {
        thread.execute(task);
      } catch (RejectedExecutionException e) {
        LOG.debug("closing", e);
      }
    }

    void cancel() {
      ClientCallStreamObserver<Heartbeat> open = requests;
      if (open != null) {
        open.cancel("the session ends here", null);
      }
    }
  }
}
