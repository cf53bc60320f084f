// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

/**
 * I7: below its high watermark every replica holds what was committed, and it deletes nothing above
 * (rule 16).
 */
final class LogsAgreeBelowHighWatermark implements Invariant {
  @Override
  public void check(SimCluster cluster) {
    for (SimBroker broker : cluster.brokers()) {
      for (SimReplica replica : broker.replicas().values()) {
        if (replica.core().logStartOffset() > replica.core().highWatermark()) {
          throw new InvariantViolation(
              "I7",
              "expected broker "
                  + broker.id()
                  + " to have deleted only what it knows to be committed: "
                  + Describe.of(cluster));
        }
        ReplicaContent content = replica.log().content;
        content.compare(replica.truth());
        if (!replica.truth().isBroken() && content.agreesUpTo() < replica.core().highWatermark()) {
          throw new InvariantViolation(
              "I7",
              "expected broker "
                  + broker.id()
                  + " to hold what was committed up to its high watermark "
                  + replica.core().highWatermark()
                  + ", but it agrees up to "
                  + content.agreesUpTo()
                  + " only: "
                  + Describe.of(cluster));
        }
      }
    }
  }
}
