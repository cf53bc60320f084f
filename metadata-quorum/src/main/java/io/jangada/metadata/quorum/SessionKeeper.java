// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.common.Durations;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.SettingsImage;
import io.jangada.metadata.liveness.BrokerHeartbeat;
import io.jangada.metadata.liveness.BrokerSessions;
import io.jangada.metadata.liveness.KnownBroker;
import io.jangada.metadata.liveness.LivenessEffect;
import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.liveness.Prober;
import io.jangada.metadata.liveness.SlowDisks;
import io.jangada.metadata.rpc.ControllerEndpoint.SessionPeer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what {@link BrokerSessions} decides: probes, and fences and unfences through the controller.
 * Owned by the controller's thread.
 */
final class SessionKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

  /** How a fence or unfence becomes part of the metadata. */
  interface Decider {
    void decide(
        ControllerRequest request,
        BiConsumer<@Nullable ControllerAnswer, @Nullable Throwable> then);
  }

  private final BrokerSessions sessions;
  private final Prober prober;
  private final Supplier<MetadataImage> image;
  private final Executor thread;
  private final Decider decider;
  private final SlowDisks slowDisks;
  private final Duration diskStallTimeout;
  private final Consumer<SlowDisks.Relief> reliever;

  /** The open connections, so that they can be told when this node steps down. */
  private final Map<Long, SessionPeer> peers = new HashMap<>();

  SessionKeeper(
      LivenessSettings settings,
      Prober prober,
      Supplier<MetadataImage> image,
      Executor thread,
      Decider decider,
      Consumer<SlowDisks.Relief> reliever) {
    this.slowDisks = new SlowDisks(settings.diskStallTimeout());
    this.diskStallTimeout = settings.diskStallTimeout();
    this.reliever = reliever;
    this.sessions = new BrokerSessions(settings);
    this.prober = prober;
    this.image = image;
    this.thread = thread;
    this.decider = decider;
  }

  void activate(long nowNanos) {
    slowDisks.clear();
    sessions.restart(known(), nowNanos);
  }

  void deactivate(JangadaException reason) {
    List<SessionPeer> told = List.copyOf(peers.values());
    peers.clear();
    told.forEach(peer -> peer.fail(reason));
  }

  /** The metadata has changed. */
  void update(long nowNanos) {
    sessions.update(known(), nowNanos);
    tick(nowNanos);
  }

  void tick(long nowNanos) {
    sessions.due(nowNanos).forEach(this::run);
    slowDisks.due(nowNanos).forEach(this::relieve);
  }

  private void relieve(SlowDisks.Relief relief) {
    LOG.warn(
        "the disk of broker {} stalls{}",
        relief.brokerId(),
        relief.leadershipsOnly() ? " still" : ": others lead in its place where they can");
    reliever.accept(relief);
  }

  void heartbeat(BrokerHeartbeat beat, SessionPeer peer) {
    long answer =
        sessions.heartbeat(
            beat.brokerId(),
            beat.brokerEpoch(),
            beat.stream(),
            beat.echo(),
            beat.metadataIndex(),
            beat.receivedNanos());
    @Nullable BrokerRegistration broker = image.get().broker(beat.brokerId());
    if (answer < 0 || broker == null) {
      peers.remove(beat.stream());
      peer.fail(unknown(beat, broker));
      return;
    }
    peers.put(beat.stream(), peer);
    slowDisks.heard(
        beat.brokerId(),
        beat.oldestSyncAgeMs(),
        stallTimeout(image.get().settings(), beat.brokerId(), diskStallTimeout),
        System.nanoTime());
    peer.answer(answer, image.get().controllerEpoch(), broker.status() == BrokerStatus.FENCED);
    if (broker.status() == BrokerStatus.FENCED) {
      tick(System.nanoTime());
    }
  }

  /**
   * How old a broker's unfinished fsync may become.
   *
   * @param started what this node was started with: it holds where nothing is set, or what is set
   *     is of another version and not understood
   */
  static Duration stallTimeout(SettingsImage settings, int brokerId, Duration started) {
    SettingKey key = SettingKey.DISK_STALL_TIMEOUT;
    return settings
        .inForce(brokerId, key.key())
        .filter(key.accepted()::accepts)
        .map(Durations::parse)
        .orElse(started);
  }

  private static JangadaException unknown(
      BrokerHeartbeat beat, @Nullable BrokerRegistration broker) {
    if (broker != null && broker.incarnation().equals(BrokerRegistration.RESTORED)) {
      return new JangadaException(
          ErrorCode.STALE_BROKER_EPOCH,
          "expected broker "
              + beat.brokerId()
              + " to have begun after the metadata was restored, but this process is of before",
          "start it again; its replicas are kept");
    }
    if (broker != null && broker.brokerEpoch() > beat.brokerEpoch()) {
      return new JangadaException(
          ErrorCode.STALE_BROKER_EPOCH,
          "expected the newest incarnation of broker "
              + beat.brokerId()
              + ", epoch "
              + broker.brokerEpoch()
              + ", but got "
              + beat.brokerEpoch(),
          "a newer process with this broker id has registered: stop one of them");
    }
    return new JangadaException(
        ErrorCode.BROKER_NOT_REGISTERED,
        "expected a registered broker, but "
            + beat.brokerId()
            + " with epoch "
            + beat.brokerEpoch()
            + " is none");
  }

  void broken(int brokerId, long brokerEpoch, long stream, long nowNanos) {
    peers.remove(stream);
    sessions.broken(brokerId, brokerEpoch, stream, nowNanos);
    tick(nowNanos);
  }

  private void run(LivenessEffect effect) {
    switch (effect) {
      case LivenessEffect.Probe(int brokerId, long brokerEpoch) -> probe(brokerId, brokerEpoch);
      case LivenessEffect.Fence(int brokerId, long brokerEpoch, String reason) -> {
        LOG.info("fencing broker {} (epoch {}): {}", brokerId, brokerEpoch, reason);
        transition(effect, new ControllerRequest.FenceBroker(brokerId, brokerEpoch, reason));
      }
      case LivenessEffect.Unfence(int brokerId, long brokerEpoch, long metadataIndex) -> {
        LOG.info("unfencing broker {} (epoch {})", brokerId, brokerEpoch);
        transition(
            effect, new ControllerRequest.UnfenceBroker(brokerId, brokerEpoch, metadataIndex));
      }
    }
  }

  private void transition(LivenessEffect effect, ControllerRequest request) {
    decider.decide(
        request,
        (answer, error) -> {
          if (error != null || answer instanceof ControllerAnswer.Failed) {
            LOG.warn("{} was not done: {}", request, error == null ? answer : error.getMessage());
          }
          long now = System.nanoTime();
          sessions.update(known(), now);
          sessions.transitionEnded(effect.brokerId(), effect.brokerEpoch(), now);
        });
  }

  private void probe(int brokerId, long brokerEpoch) {
    @Nullable BrokerRegistration broker = image.get().broker(brokerId);
    if (broker == null) {
      return;
    }
    prober
        .refuses(broker.profile().endpoints().grpc())
        .thenAcceptAsync(
            refused ->
                sessions
                    .probed(brokerId, brokerEpoch, refused, System.nanoTime())
                    .forEach(this::run),
            thread)
        .exceptionally(
            error -> {
              LOG.error("a probe of broker {} failed", brokerId, error);
              return null;
            });
  }

  private List<KnownBroker> known() {
    return image.get().brokers().values().stream()
        .map(
            broker ->
                new KnownBroker(
                    broker.brokerId(),
                    broker.brokerEpoch(),
                    broker.status() == BrokerStatus.FENCED))
        .toList();
  }
}
