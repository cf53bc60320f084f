// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who reaches whom, and how fast. Connections retransmit: a lost packet delays what follows it, a
 * cut link loses it.
 */
final class SimNetwork {
  /** The answer of {@link #transitMicros} when nothing gets through. */
  static final long CUT = -1;

  private static final long RETRANSMIT_MICROS = 40_000;

  private record Link(int from, int to) {}

  private final SimClock clock;
  private final Set<Link> cut = new HashSet<>();
  private final Map<Link, Long> cloggedMicros = new HashMap<>();
  private double loss;
  private double duplication;
  private double lostAnswers;

  SimNetwork(SimClock clock) {
    this.clock = clock;
  }

  void cutOneWay(int from, int to) {
    cut.add(new Link(from, to));
  }

  void cutBothWays(int one, int other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  void clog(int from, int to, long delayMs) {
    cloggedMicros.put(new Link(from, to), delayMs * 1000);
  }

  void lose(double probability) {
    loss = probability;
  }

  void duplicate(double probability) {
    duplication = probability;
  }

  void loseAnswers(double probability) {
    lostAnswers = probability;
  }

  void heal() {
    cut.clear();
    cloggedMicros.clear();
    loss = 0;
    duplication = 0;
    lostAnswers = 0;
  }

  /** How long a message takes now, or {@link #CUT}. */
  long transitMicros(int from, int to) {
    if (from == to) {
      return 1;
    }
    Link link = new Link(from, to);
    if (!cut.isEmpty() && cut.contains(link)) {
      return CUT;
    }
    long delay = clock.between(50, clock.chance(0.05) ? 8_000 : 900);
    while (clock.chance(loss)) {
      delay += RETRANSMIT_MICROS;
    }
    return delay + (cloggedMicros.isEmpty() ? 0 : cloggedMicros.getOrDefault(link, 0L));
  }

  /** Delivers once, late, twice, or, over a cut link, never: for requests that are not a stream. */
  void send(int from, int to, Runnable delivery) {
    long delay = transitMicros(from, to);
    if (delay == CUT) {
      return;
    }
    clock.afterMicros(delay, delivery);
  }

  /** As {@link #send}, but it may be lost, or come twice. */
  void sendAnswer(int from, int to, Runnable delivery) {
    if (clock.chance(lostAnswers)) {
      return;
    }
    send(from, to, delivery);
    if (clock.chance(duplication)) {
      clock.afterMs(clock.between(1, 500), () -> send(from, to, delivery));
    }
  }
}
