// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Faults that wait for a moment of the protocol, which chance alone would hardly ever hit: at most
 * one for each moment, and each once.
 */
final class Ambushes {
  /**
   * Whom the moment finds.
   *
   * @param actor who does something
   * @param other whom it concerns
   */
  record Prey(SimBroker actor, SimBroker other) {
    @Override
    public String toString() {
      return "broker " + actor.id() + " about broker " + other.id();
    }
  }

  private final SimCluster cluster;
  private final Map<Moment, ToLongFunction<Prey>> laid = new EnumMap<>(Moment.class);

  Ambushes(SimCluster cluster) {
    this.cluster = cluster;
  }

  /** Waits for the next such moment; the blow says for how long, in ms, the moment is held up. */
  void lay(Moment moment, ToLongFunction<Prey> blow) {
    laid.put(moment, blow);
  }

  /** Nothing lies in wait any more. */
  void clear() {
    laid.clear();
  }

  /** The moment has come; returns for how long, in ms, what is about to be sent is held back. */
  long at(Moment moment, SimBroker actor, int other) {
    ToLongFunction<Prey> blow = laid.remove(moment);
    if (blow == null) {
      return 0;
    }
    cluster.counters().count(Counter.AMBUSHES);
    return blow.applyAsLong(new Prey(actor, cluster.broker(other)));
  }
}
