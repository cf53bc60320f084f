// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.controller.BrokenPromises;
import io.jangada.metadata.image.MetadataDelta;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A person who is told when nobody is left that surely has everything, waits whether a broker comes
 * back, and then has a leader elected that may lack records: rule 8. What is lost by it has to have
 * been reported, and only then may it be lost: I12.
 */
final class Operator {
  private static final long LOOKS_EVERY_MS = 400;
  private static final int PATIENCE_LOOKS = 5;

  private final SimCluster cluster;
  private final Set<TopicIdPartition> withoutAnyone = new TreeSet<>();
  private final Set<BrokenPromises> reported = new HashSet<>();
  private int looks;

  Operator(SimCluster cluster) {
    this.cluster = cluster;
    cluster.clock().everyMs(LOOKS_EVERY_MS, this::look);
  }

  /** What the controller tells people of a change. */
  void reported(List<BrokenPromises> promises, MetadataDelta delta) {
    reported.clear();
    reported.addAll(promises);
    for (BrokenPromises promise : promises) {
      switch (promise) {
        case BrokenPromises.NoOneEligible none -> {
          cluster.counters().count(Counter.NO_ONE_ELIGIBLE);
          withoutAnyone.add(none.partition());
        }
        case BrokenPromises.UncleanElection election -> elected(election);
      }
    }
    for (TopicIdPartition id : delta.changedPartitions()) {
      PartitionRegistration after = delta.after().partition(id);
      boolean nobody = after != null && after.isr().isEmpty() && after.elr().isEmpty();
      if (nobody && !withoutAnyone.contains(id)) {
        throw new InvariantViolation(
            "I12", "expected a report that nobody is left who has all of " + id);
      } else if (!nobody) {
        withoutAnyone.remove(id);
      }
    }
  }

  /** Whether the change that is being committed was reported to elect that leader uncleanly. */
  boolean isReported(TopicIdPartition partition, int leader) {
    return reported.contains(new BrokenPromises.UncleanElection(partition, leader));
  }

  private void elected(BrokenPromises.UncleanElection election) {
    cluster.counters().count(Counter.UNCLEAN_ELECTIONS);
    SimLog log = cluster.broker(election.leader()).disk().get(election.partition());
    ReplicaContent content = log == null ? new ReplicaContent() : log.content;
    int lost = cluster.truth(election.partition()).broken(content);
    cluster.counters().add(Counter.RECORDS_REPORTED_LOST, lost);
  }

  private void look() {
    looks = withoutAnyone.isEmpty() ? 0 : looks + 1;
    if (looks < PATIENCE_LOOKS) {
      return;
    }
    for (TopicIdPartition partition : List.copyOf(withoutAnyone)) {
      if (cluster.quorum().image().partition(partition) == null) {
        withoutAnyone.remove(partition);
        continue;
      }
      // Whoever was last known to have everything; any replica if there is none in service.
      int any = 1 + cluster.clock().below(cluster.setup().brokers());
      int candidate = looks < 3 * PATIENCE_LOOKS ? PartitionRegistration.NO_LEADER : any;
      cluster
          .quorum()
          .decide(
              new ControllerRequest.ElectFromLastKnown(partition, candidate, false),
              answer -> {
                if (answer instanceof ControllerAnswer.LeaderElected) {
                  cluster.quorum().sweep();
                }
              });
    }
  }
}
