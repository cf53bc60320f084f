// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.liveness.BrokerSessions;
import io.jangada.metadata.liveness.KnownBroker;
import io.jangada.metadata.liveness.LivenessEffect;
import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.liveness.SlowDisks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The real broker sessions of the quorum's leader, on simulated time and network. */
final class SimLiveness {
  private static final LivenessSettings SETTINGS =
      new LivenessSettings(Duration.ofMillis(1_500), Duration.ofMillis(50), Duration.ofMillis(300));

  /** How old an unfinished fsync may become. */
  private static final Duration STALL = Duration.ofMillis(500);

  private final SimCluster cluster;
  private final SimQuorum quorum;
  private final BrokerSessions sessions = new BrokerSessions(SETTINGS);
  private final SlowDisks slowDisks = new SlowDisks(STALL);

  SimLiveness(SimCluster cluster, SimQuorum quorum) {
    this.cluster = cluster;
    this.quorum = quorum;
  }

  void restart() {
    sessions.restart(known(), nowNanos());
    slowDisks.clear();
  }

  void update() {
    sessions.update(known(), nowNanos());
  }

  long heartbeat(
      int brokerId, long epoch, long stream, long echo, long index, long oldestSyncAgeMs) {
    slowDisks.heard(brokerId, oldestSyncAgeMs, nowNanos());
    return sessions.heartbeat(brokerId, epoch, stream, echo, index, nowNanos());
  }

  void broken(int brokerId, long epoch, long stream) {
    sessions.broken(brokerId, epoch, stream, nowNanos());
  }

  void tick() {
    act(sessions.due(nowNanos()));
    slowDisks.due(nowNanos()).forEach(quorum::relieve);
  }

  private void act(List<LivenessEffect> effects) {
    for (LivenessEffect effect : effects) {
      int brokerId = effect.brokerId();
      long epoch = effect.brokerEpoch();
      switch (effect) {
        case LivenessEffect.Probe ignored -> probe(brokerId, epoch);
        case LivenessEffect.Fence fence -> {
          cluster.counters().count(Counter.FENCED_BROKERS);
          change(
              brokerId, epoch, new ControllerRequest.FenceBroker(brokerId, epoch, fence.reason()));
        }
        case LivenessEffect.Unfence unfence ->
            change(
                brokerId,
                epoch,
                new ControllerRequest.UnfenceBroker(brokerId, epoch, unfence.metadataIndex()));
      }
    }
  }

  private void change(int brokerId, long epoch, ControllerRequest request) {
    quorum.decide(
        request,
        ignored -> {
          sessions.transitionEnded(brokerId, epoch, nowNanos());
          quorum.sweep();
        });
  }

  /** A port refuses only if the packets get there and back, and no process listens. */
  private void probe(int brokerId, long epoch) {
    int term = quorum.term();
    int node = quorum.leader();
    boolean reachable =
        cluster.network().transitMicros(node, brokerId) != SimNetwork.CUT
            && cluster.network().transitMicros(brokerId, node) != SimNetwork.CUT;
    cluster
        .clock()
        .afterMs(
            cluster.clock().between(1, reachable ? 5 : 300),
            () -> {
              if (term == quorum.term()) {
                boolean refused = reachable && !cluster.broker(brokerId).isUp();
                act(sessions.probed(brokerId, epoch, refused, nowNanos()));
              }
            });
  }

  private List<KnownBroker> known() {
    List<KnownBroker> known = new ArrayList<>();
    for (BrokerRegistration broker : quorum.image().brokers().values()) {
      known.add(
          new KnownBroker(
              broker.brokerId(), broker.brokerEpoch(), broker.status() == BrokerStatus.FENCED));
    }
    return known;
  }

  private long nowNanos() {
    return cluster.clock().nowMicros() * 1000;
  }
}
