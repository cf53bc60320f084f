// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.TopicImage;
import io.jangada.replication.core.Acks;
import java.util.ArrayList;
import java.util.List;

/**
 * One plan from the beginning to the end: safety while things go wrong, then everything is healed
 * and has to recover (I10), and what is left is compared with what was promised (I1, I3).
 */
public final class SimRun {
  private static final long CONVERGENCE_MS = 60_000;
  private static final long AFTERMATH_MS = 600;

  private final Plan plan;
  private final SimCluster cluster;
  private final List<SimProducer> producers = new ArrayList<>();
  private final SimFaults faults;

  private SimRun(Plan plan) {
    this.plan = plan;
    this.cluster = new SimCluster(plan);
    this.faults = new SimFaults(cluster);
  }

  /**
   * Runs a plan.
   *
   * @return what it has gone through
   * @throws InvariantViolation if something does not hold
   */
  public static Counters of(Plan plan) {
    SimRun run = new SimRun(plan);
    run.run();
    return run.cluster.counters();
  }

  private void run() {
    cluster.boot();
    startClients();
    cluster.run(300);
    for (Plan.Step step : plan.steps()) {
      cluster.run(step.afterMs());
      faults.settle();
      faults.inject(step.fault());
    }
    cluster.run(AFTERMATH_MS);
    faults.healAll();
    cluster.run(300);
    producers.forEach(SimProducer::stop);
    cluster.runUntil(this::converged, CONVERGENCE_MS, "everything to recover");
    FinalCheck.of(cluster, producers);
  }

  private void startClients() {
    Plan.Setup setup = plan.setup();
    Acks[] ofPlain = {Acks.ALL, Acks.LEADER, Acks.NONE};
    int number = 0;
    for (int i = 0; i < setup.idempotentProducers(); i++, number++) {
      producers.add(new SimProducer(cluster, number, number % setup.partitions(), true, Acks.ALL));
    }
    for (int i = 0; i < setup.plainProducers(); i++, number++) {
      producers.add(
          new SimProducer(
              cluster,
              number,
              number % setup.partitions(),
              false,
              ofPlain[(int) ((plan.seed() + i) & 3) % 3]));
    }
    for (int partition = 0; partition < setup.partitions(); partition++, number++) {
      new SimConsumer(cluster, number, partition);
    }
  }

  /** I10: full ISRs, every request answered, all logs the same and all of it committed. */
  private boolean converged() {
    for (SimProducer producer : producers) {
      if (!producer.isDone()) {
        return false;
      }
    }
    if (!cluster.allInService() || !cluster.allIsrsFull()) {
      return false;
    }
    TopicImage topic = cluster.quorum().image().topic(SimCluster.TOPIC);
    for (Integer number : topic == null ? List.<Integer>of() : topic.partitions().keySet()) {
      TopicIdPartition partition = topic.partitionId(number);
      PartitionRegistration state = cluster.quorum().image().partition(partition);
      if (state == null || !sameEverywhere(partition, state)) {
        return false;
      }
    }
    return true;
  }

  private boolean sameEverywhere(TopicIdPartition partition, PartitionRegistration state) {
    SimReplica leader = cluster.broker(state.leader()).replica(partition);
    if (leader == null) {
      return false;
    }
    long end = leader.core().logEndOffset();
    for (Integer id : state.replicas()) {
      SimReplica replica = cluster.broker(id).replica(partition);
      if (replica == null
          || replica.core().logEndOffset() != end
          || replica.core().highWatermark() != end) {
        return false;
      }
    }
    return true;
  }
}
