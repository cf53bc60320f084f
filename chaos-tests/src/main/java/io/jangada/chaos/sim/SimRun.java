// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.chaos.sim.Plan.Fault;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.TopicImage;
import io.jangada.replication.core.Acks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private final Set<SimBroker> damaged = new HashSet<>();

  private SimRun(Plan plan) {
    this.plan = plan;
    this.cluster = new SimCluster(plan);
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
      inject(step.fault());
    }
    cluster.run(AFTERMATH_MS);
    heal();
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

  private void powerCycleFollowersTwice(Fault.PowerCycleFollowersTwice cycle) {
    SimBroker leader = leaderOf(cycle.partition());
    if (leader == null) {
      return;
    }
    leader.slowMetadata(400);
    powerCycleOthers(leader);
    cluster
        .clock()
        .afterMs(
            cycle.pauseMs(),
            () -> {
              powerCycleOthers(leader);
              for (SimBroker other : cluster.brokers()) {
                cluster.network().clog(other.id(), leader.id(), 700);
              }
            });
  }

  private void inject(Fault fault) {
    if (Trace.ON) {
      Trace.say(cluster, "fault " + fault);
    }
    SimNetwork network = cluster.network();
    switch (fault) {
      case Fault.Kill kill -> kill(broker(kill.broker()), kill.restartAfterMs());
      case Fault.KillLeader kill -> {
        SimBroker leader = leaderOf(kill.partition());
        if (leader != null) {
          kill(leader, kill.restartAfterMs());
        }
      }
      case Fault.TearLeader tear -> tearLeader(tear);
      case Fault.PowerLoss loss -> losePower(broker(loss.broker()), loss.restartAfterMs());
      case Fault.PowerLossOfAll loss ->
          cluster.brokers().forEach(broker -> losePower(broker, loss.restartAfterMs()));
      case Fault.KillOneByOne kill -> killOneByOne(kill);
      case Fault.WipeDisk wipe -> wipe(broker(wipe.broker()), wipe.restartAfterMs());
      case Fault.SwapDisk swap -> swapDisk(swap);
      case Fault.PowerCycleFollowersTwice cycle -> powerCycleFollowersTwice(cycle);
      case Fault.Isolate isolate -> {
        int id = broker(isolate.broker()).id();
        cluster.brokers().forEach(other -> cutBothWays(id, other.id()));
        cutFromQuorum(id);
      }
      case Fault.CutOneWay cut -> {
        int from = broker(cut.from()).id();
        int to = broker(cut.to()).id();
        network.cutOneWay(from, to);
      }
      case Fault.CutFromQuorum cut -> cutFromQuorum(broker(cut.broker()).id());
      case Fault.CutBetween cut -> cutBothWays(broker(cut.one()).id(), broker(cut.other()).id());
      case Fault.SlowMetadata slow -> broker(slow.broker()).slowMetadata(slow.delayMs());
      case Fault.LoseAnswers lose -> network.loseAnswers(lose.percent() / 100.0);
      case Fault.Lossy lossy -> {
        network.lose(lossy.lossPercent() / 100.0);
        network.duplicate(lossy.duplicatedPercent() / 100.0);
      }
      case Fault.Clog clog ->
          network.clog(
              broker(clog.from()).id(),
              clog.from() == clog.to() ? SimQuorum.FIRST_NODE : broker(clog.to()).id(),
              clog.delayMs());
      case Fault.Heal ignored -> {
        network.heal();
        cluster.brokers().forEach(SimRun::speedUp);
      }
      case Fault.SlowDisk slow -> broker(slow.broker()).slowDisk(slow.millis());
      case Fault.ControllerFailover ignored -> {
        cluster.counters().count(Counter.CONTROLLER_FAILOVERS);
        cluster.quorum().failover();
      }
      case Fault.RecreateTopic ignored -> recreateTopic();
    }
  }

  private static void speedUp(SimBroker broker) {
    broker.slowDisk(0);
    broker.slowMetadata(0);
  }

  private SimBroker broker(int number) {
    return cluster.broker((number - 1) % plan.setup().brokers() + 1);
  }

  private @Nullable SimBroker leaderOf(int partition) {
    TopicImage topic = cluster.quorum().image().topic(SimCluster.TOPIC);
    PartitionRegistration led =
        topic == null ? null : topic.partitions().get(partition % plan.setup().partitions());
    return led != null && led.hasLeader() ? cluster.broker(led.leader()) : null;
  }

  private void tearLeader(Fault.TearLeader tear) {
    SimBroker leader = leaderOf(tear.partition());
    SimBroker follower = broker(tear.follower());
    if (leader == null || leader == follower) {
      return;
    }
    leader.slowDisk(400);
    cluster
        .clock()
        .afterMs(
            350,
            () -> {
              cutBothWays(leader.id(), follower.id());
              leader.slowDisk(0);
              kill(leader, 1);
              cluster.clock().afterMs(tear.awayMs(), cluster.network()::heal);
            });
  }

  private void kill(SimBroker broker, long restartAfterMs) {
    if (broker.isUp()) {
      cluster.counters().count(Counter.KILLS);
      broker.kill();
      restart(broker, restartAfterMs);
    }
  }

  private void losePower(SimBroker broker, long restartAfterMs) {
    if (broker.isUp()) {
      cluster.counters().count(Counter.POWER_LOSSES);
      broker.losePower();
      restart(broker, restartAfterMs);
    }
  }

  private void powerCycleOthers(SimBroker broker) {
    for (SimBroker other : cluster.brokers()) {
      if (other != broker) {
        losePower(other, 1);
      }
    }
  }

  private void restart(SimBroker broker, long afterMs) {
    cluster
        .clock()
        .afterMs(
            afterMs,
            () -> {
              if (!broker.isUp()) {
                if (cluster.quorum().image().inService(broker.id())) {
                  cluster.counters().count(Counter.FAST_RESTARTS);
                }
                broker.start();
              }
            });
  }

  private void killOneByOne(Fault.KillOneByOne fault) {
    long at = 0;
    long all = (long) fault.pauseMs() * plan.setup().brokers();
    for (SimBroker broker : cluster.brokers()) {
      long restart = all - at + fault.restartAfterMs() * (1L + cluster.clock().below(3));
      cluster.clock().afterMs(at, () -> kill(broker, restart));
      at += fault.pauseMs();
    }
  }

  /** Only as much as has to be tolerated: min ISR - 1 copies, until they are in sync again. */
  private void wipe(SimBroker broker, long restartAfterMs) {
    damaged.removeIf(this::isInSyncEverywhere);
    boolean tolerable = plan.setup().minInsyncReplicas() > 1;
    if (!damaged.isEmpty() || !tolerable) {
      return;
    }
    damaged.add(broker);
    cluster.counters().count(Counter.DISKS_WIPED);
    if (broker.isUp()) {
      broker.losePower();
    }
    broker.wipe();
    restart(broker, restartAfterMs);
  }

  private void swapDisk(Fault.SwapDisk swap) {
    SimBroker broker = broker(swap.broker());
    cutFromQuorum(broker.id());
    cluster
        .clock()
        .afterMs(
            swap.outOfServiceMs(),
            () -> {
              if (broker.isUp()) {
                cluster.network().heal();
                for (SimBroker other : cluster.brokers()) {
                  cluster.network().clog(broker.id(), other.id(), 700);
                }
                wipe(broker, swap.restartAfterMs());
              }
            });
  }

  private boolean isInSyncEverywhere(SimBroker broker) {
    boolean[] everywhere = {cluster.quorum().image().topic(SimCluster.TOPIC) != null};
    cluster
        .quorum()
        .image()
        .forEachPartition(
            (ignored, partition) ->
                everywhere[0] &=
                    !partition.replicas().contains(broker.id())
                        || partition.isr().contains(broker.id()));
    return everywhere[0] && !ElectableReplicasHaveEverything.isUnregisteredDisk(cluster, broker);
  }

  private void cutBothWays(int one, int other) {
    if (one != other) {
      cluster.network().cutBothWays(one, other);
    }
  }

  private void cutFromQuorum(int id) {
    for (int node = SimQuorum.FIRST_NODE; node < SimQuorum.FIRST_NODE + 3; node++) {
      cluster.network().cutBothWays(id, node);
    }
  }

  private void recreateTopic() {
    TopicImage topic = cluster.quorum().image().topic(SimCluster.TOPIC);
    if (topic != null) {
      cluster.counters().count(Counter.TOPICS_RECREATED);
      cluster
          .quorum()
          .decide(new ControllerRequest.DeleteTopics(List.of(topic.id()), false), ignored -> {});
    }
  }

  private void heal() {
    cluster.network().heal();
    for (SimBroker broker : cluster.brokers()) {
      speedUp(broker);
      if (!broker.isUp()) {
        broker.start();
      }
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
