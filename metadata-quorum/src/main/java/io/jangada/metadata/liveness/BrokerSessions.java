// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of all brokers with the controller. A broker is
 *
 * <pre>
 *   in contact --stream broken--> suspect --probe refused--> fenced
 *       |                            |  ^--probe answered: probe again
 *       |                            `--no contact for the session timeout--> fenced
 *       `--no contact for the session timeout--> fenced
 *   fenced --heartbeats, and metadata up to its registration--> unfenced
 * </pre>
 *
 * <p>A broken connection alone fences nobody: the network may have cut it. A port that refuses says
 * that the process is gone. A heartbeat counts as contact only if it echoes an answer that the
 * earlier ones did not (REPLICATION, rule 25): else a broker that hears nothing from us would stay
 * a member for ever.
 *
 * <p>Not thread-safe; owned by the controller's thread. Time is an argument, from a monotonic
 * clock.
 */
public final class BrokerSessions {
  private static final long TRANSITION_RETRY_NANOS = 100_000_000;

  private final LivenessSettings settings;
  private final Map<Integer, BrokerSession> sessions = new TreeMap<>();

  /** No brokers yet. */
  public BrokerSessions(LivenessSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts anew after this node has become controller: every timer restarts, and brokers that do
   * not open a session soon are probed, because the connections they had were with somebody else.
   */
  public void restart(List<KnownBroker> brokers, long nowNanos) {
    sessions.clear();
    update(brokers, nowNanos);
    long probeAt = nowNanos + settings.firstContact().toNanos();
    for (BrokerSession session : sessions.values()) {
      session.probeAtNanos = session.fenced ? BrokerSession.NEVER : probeAt;
    }
  }

  /** Takes over what the metadata says now; a new incarnation begins without a session. */
  public void update(List<KnownBroker> brokers, long nowNanos) {
    Set<Integer> known = new HashSet<>();
    for (KnownBroker broker : brokers) {
      known.add(broker.brokerId());
      @Nullable BrokerSession session = sessions.get(broker.brokerId());
      if (session == null || session.brokerEpoch != broker.brokerEpoch()) {
        sessions.put(
            broker.brokerId(),
            new BrokerSession(broker.brokerId(), broker.brokerEpoch(), broker.fenced(), nowNanos));
      } else if (session.fenced != broker.fenced()) {
        session.fenced = broker.fenced();
        session.transitionPending = false;
        session.lastContactNanos = broker.fenced() ? session.lastContactNanos : nowNanos;
      }
    }
    sessions.keySet().retainAll(known);
  }

  /** Whether this is the incarnation that the metadata knows. */
  public boolean knows(int brokerId, long brokerEpoch) {
    return find(brokerId, brokerEpoch) != null;
  }

  /**
   * A heartbeat came.
   *
   * @param stream the connection it came by, not 0
   * @param echo the number of the last answer the broker has seen in that stream
   * @return the number to answer with, or -1 if the broker is not known in that incarnation
   */
  public long heartbeat(
      int brokerId, long brokerEpoch, long stream, long echo, long metadataIndex, long nowNanos) {
    @Nullable BrokerSession session = find(brokerId, brokerEpoch);
    if (session == null) {
      return -1;
    }
    if (session.stream != stream) {
      session.stream = stream;
      session.lastAnswer = 0;
      session.lastEcho = 0;
      session.probeAtNanos = BrokerSession.NEVER;
    }
    if (echo > session.lastEcho && echo <= session.lastAnswer) {
      session.lastEcho = echo;
      session.lastContactNanos = nowNanos;
    }
    session.metadataIndex = Math.max(session.metadataIndex, metadataIndex);
    return ++session.lastAnswer;
  }

  /** The connection broke; the broker is suspect if that was its current one. */
  public void broken(int brokerId, long brokerEpoch, long stream, long nowNanos) {
    @Nullable BrokerSession session = find(brokerId, brokerEpoch);
    if (session != null && session.stream == stream) {
      session.stream = BrokerSession.NO_STREAM;
      session.probeAtNanos = nowNanos;
    }
  }

  /** What a probe found. */
  public List<LivenessEffect> probed(
      int brokerId, long brokerEpoch, boolean refused, long nowNanos) {
    @Nullable BrokerSession session = find(brokerId, brokerEpoch);
    if (session == null
        || session.stream != BrokerSession.NO_STREAM
        || session.fenced
        || session.transitionPending) {
      return List.of();
    }
    if (refused) {
      session.transitionPending = true;
      return List.of(
          new LivenessEffect.Fence(brokerId, brokerEpoch, "its port refuses connections"));
    }
    session.probeAtNanos = nowNanos + settings.probeInterval().toNanos();
    return List.of();
  }

  /** What is due now; to be called often, and after every event. */
  public List<LivenessEffect> due(long nowNanos) {
    List<LivenessEffect> effects = new ArrayList<>();
    for (BrokerSession session : sessions.values()) {
      if (session.transitionPending || nowNanos < session.transitionAtNanos) {
        continue;
      }
      if (session.fenced) {
        unfence(session, nowNanos, effects);
      } else if (silent(session, nowNanos)) {
        session.transitionPending = true;
        effects.add(
            new LivenessEffect.Fence(
                session.brokerId,
                session.brokerEpoch,
                "no contact for " + settings.sessionTimeout().toMillis() + " ms"));
      } else if (session.probeAtNanos <= nowNanos && session.stream == BrokerSession.NO_STREAM) {
        session.probeAtNanos = BrokerSession.NEVER;
        effects.add(new LivenessEffect.Probe(session.brokerId, session.brokerEpoch));
      }
    }
    return effects;
  }

  private void unfence(BrokerSession session, long nowNanos, List<LivenessEffect> effects) {
    boolean inContact =
        session.stream != BrokerSession.NO_STREAM
            && session.lastEcho > 0
            && !silent(session, nowNanos);
    if (inContact && session.metadataIndex >= session.brokerEpoch) {
      session.transitionPending = true;
      effects.add(
          new LivenessEffect.Unfence(session.brokerId, session.brokerEpoch, session.metadataIndex));
    }
  }

  private boolean silent(BrokerSession session, long nowNanos) {
    return nowNanos - session.lastContactNanos >= settings.sessionTimeout().toNanos();
  }

  /**
   * A fence or unfence that was asked for has been answered. If the metadata does not show it, it
   * is due again a little later.
   */
  public void transitionEnded(int brokerId, long brokerEpoch, long nowNanos) {
    @Nullable BrokerSession session = find(brokerId, brokerEpoch);
    if (session != null && session.transitionPending) {
      session.transitionPending = false;
      session.transitionAtNanos = nowNanos + TRANSITION_RETRY_NANOS;
      if (session.stream == BrokerSession.NO_STREAM) {
        session.probeAtNanos = session.transitionAtNanos;
      }
    }
  }

  private @Nullable BrokerSession find(int brokerId, long brokerEpoch) {
    @Nullable BrokerSession session = sessions.get(brokerId);
    return session != null && session.brokerEpoch == brokerEpoch ? session : null;
  }
}
