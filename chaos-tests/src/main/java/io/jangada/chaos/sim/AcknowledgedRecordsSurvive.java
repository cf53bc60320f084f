// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

/** I1: every acknowledged record is durable on at least one disk, where it was acknowledged. */
final class AcknowledgedRecordsSurvive implements Invariant {
  @Override
  public void check(SimCluster cluster) {
    for (Truth truth : cluster.truths().values()) {
      boolean deleted = cluster.quorum().image().partition(truth.partition()) == null;
      boolean survives = deleted || truth.acknowledgedEnd() == 0 || truth.isBeyondTolerance();
      for (SimBroker broker : cluster.brokers()) {
        SimLog log = broker.disk().get(truth.partition());
        if (log != null) {
          log.content.compare(truth);
          survives |=
              Math.min(log.safeEndOffset(), log.content.agreesUpTo()) >= truth.acknowledgedEnd();
        }
      }
      if (!survives) {
        throw new InvariantViolation(
            "I1",
            "expected a disk with all that was acknowledged, but there is none: "
                + Describe.of(cluster));
      }
    }
  }
}
