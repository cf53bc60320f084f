// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.replication.core.ReplicaRole;

/** I2: the elected leader holds no other value at an offset that was committed. */
final class LeadersHoldOneValuePerOffset implements Invariant {
  @Override
  public void check(SimCluster cluster) {
    for (Truth truth : cluster.truths().values()) {
      PartitionRegistration partition = cluster.quorum().image().partition(truth.partition());
      if (partition == null || !partition.hasLeader()) {
        continue;
      }
      SimReplica leader = cluster.broker(partition.leader()).replica(truth.partition());
      if (leader == null
          || leader.core().role() != ReplicaRole.Kind.LEADER
          || leader.core().leaderEpoch() != partition.leaderEpoch()) {
        continue;
      }
      ReplicaContent content = leader.log().content;
      if (content.agreesUpTo() < truth.end()) {
        throw new InvariantViolation(
            "I2",
            "expected leader "
                + partition.leader()
                + " to hold what was committed up to "
                + truth.end()
                + ", but it agrees up to "
                + content.agreesUpTo()
                + " only: "
                + Describe.of(cluster));
      }
    }
  }
}
