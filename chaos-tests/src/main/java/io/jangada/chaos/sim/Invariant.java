// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.List;

/** What has to hold after every event. */
interface Invariant {
  /** Throws {@link InvariantViolation} where it does not hold. */
  void check(SimCluster cluster);

  /**
   * All that are checked after every event. I2 is checked besides where a leader commits ({@link
   * Truth}), I1 where a producer is answered, and I10 when the faults are over ({@link SimRun}).
   */
  static List<Invariant> all() {
    return List.of(
        new LogsAgreeBelowHighWatermark(),
        new AcknowledgedRecordsSurvive(),
        new LeadersHoldOneValuePerOffset(),
        new ElectableReplicasHaveEverything(),
        new NothingGoesBack());
  }
}
