// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

/** Tells everything that happens, for whoever hunts a bug: {@code -Djangada.sim.trace=true}. */
final class Trace {
  static final boolean ON = Boolean.getBoolean("jangada.sim.trace");

  private Trace() {}

  @SuppressWarnings("SystemOut") // for a terminal
  static void say(SimCluster cluster, String what) {
    System.out.printf("%9.3f %s%n", cluster.clock().nowMicros() / 1000.0, what);
  }
}
