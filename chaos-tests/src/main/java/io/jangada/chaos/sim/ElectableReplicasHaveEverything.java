// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.List;

/** I6: whoever can be elected, in the ISR or the ELR, has everything acknowledged on its disk. */
final class ElectableReplicasHaveEverything implements Invariant {
  @Override
  public void check(SimCluster cluster) {
    for (Truth truth : cluster.truths().values()) {
      PartitionRegistration partition = cluster.quorum().image().partition(truth.partition());
      if (partition != null && truth.acknowledgedEnd() > 0) {
        check(cluster, truth, partition.isr());
        check(cluster, truth, partition.elr());
      }
    }
  }

  private static void check(SimCluster cluster, Truth truth, List<Integer> electable) {
    for (int i = 0; i < electable.size(); i++) {
      SimBroker broker = cluster.broker(electable.get(i));
      SimLog log = broker.disk().get(truth.partition());
      long safe = log == null ? 0 : Math.min(log.safeEndOffset(), log.content.agreesUpTo());
      if (safe < truth.acknowledgedEnd() && !isLostUnnoticed(cluster, broker, truth.partition())) {
        throw new InvariantViolation(
            "I6",
            "expected electable broker "
                + broker.id()
                + " to have everything acknowledged up to "
                + truth.acknowledgedEnd()
                + ", but it has "
                + safe
                + ": "
                + Describe.of(cluster));
      }
    }
  }

  /** Whether its copy is not what it was, and the quorum cannot know that yet. */
  static boolean isLostUnnoticed(SimCluster cluster, SimBroker broker, TopicIdPartition partition) {
    BrokerRegistration registered = cluster.quorum().image().broker(broker.id());
    SimLog log = broker.disk().get(partition);
    return isUnregisteredDisk(cluster, broker)
        || (log != null
            && log.isLostUnnoticed(registered == null ? null : registered.incarnation()));
  }

  /** A wiped disk loses its rights in the registration of the process that finds it so. */
  static boolean isUnregisteredDisk(SimCluster cluster, SimBroker broker) {
    BrokerRegistration registered = cluster.quorum().image().broker(broker.id());
    return registered != null
        && !registered.provenance().directories().contains(broker.directory().id());
  }
}
