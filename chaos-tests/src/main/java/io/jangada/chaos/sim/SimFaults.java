// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.chaos.sim.Plan.Fault;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes things go wrong as a plan says. */
final class SimFaults {
  /** About how long a broker takes from its start until it is in service. */
  private static final long IN_SERVICE_AGAIN_MS = 650;

  private final SimCluster cluster;
  private long calmUntilMs;

  SimFaults(SimCluster cluster) {
    this.cluster = cluster;
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

  /** Makes it happen, now or from now on. */
  void inject(Fault fault) {
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
      case Fault.TruncateWhileSyncing truncate -> truncateWhileSyncing(truncate);
      case Fault.Ambush ambush ->
          cluster.ambushes().lay(ambush.moment(), prey -> strike(ambush, prey));
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
        cluster.brokers().forEach(SimFaults::speedUp);
      }
      case Fault.SlowDisk slow -> broker(slow.broker()).directory().slow(slow.millis());
      case Fault.FailSync fail -> {
        if (isSpare(broker(fail.broker()), true)) {
          broker(fail.broker()).directory().failNextSync();
        }
      }
      case Fault.Rot rot -> rot(broker(rot.broker()), rot.percent());
      case Fault.DestroyAllBut destroy -> destroyAllBut(destroy);
      case Fault.FullDisk full -> fillDisk(broker(full.broker()), full.forMs());
      case Fault.ControllerFailover ignored -> {
        cluster.counters().count(Counter.CONTROLLER_FAILOVERS);
        cluster.quorum().failover();
      }
      case Fault.DeleteRecords delete -> deleteRecords(delete);
      case Fault.RecreateTopic ignored -> recreateTopic();
    }
  }

  /** Nothing else goes wrong for so long: what has begun plays out. */
  private void calmFor(long millis) {
    calmUntilMs = Math.max(calmUntilMs, cluster.clock().nowMs() + millis);
  }

  /** Lets what has begun play out. */
  void settle() {
    while (cluster.clock().nowMs() < calmUntilMs) {
      cluster.run(calmUntilMs - cluster.clock().nowMs());
    }
  }

  private static void speedUp(SimBroker broker) {
    broker.directory().heal();
    broker.slowMetadata(0);
  }

  private SimBroker broker(int number) {
    return cluster.broker((number - 1) % cluster.setup().brokers() + 1);
  }

  private @Nullable SimBroker leaderOf(int partition) {
    TopicImage topic = cluster.quorum().image().topic(SimCluster.TOPIC);
    PartitionRegistration led =
        topic == null ? null : topic.partitions().get(partition % cluster.setup().partitions());
    return led != null && led.hasLeader() ? cluster.broker(led.leader()) : null;
  }

  private void tearLeader(Fault.TearLeader tear) {
    SimBroker leader = leaderOf(tear.partition());
    SimBroker follower = broker(tear.follower());
    if (leader == null || leader == follower) {
      return;
    }
    leader.directory().slow(400);
    cluster
        .clock()
        .afterMs(
            350,
            () -> {
              cutBothWays(leader.id(), follower.id());
              leader.directory().slow(0);
              kill(leader, 1);
              cluster.clock().afterMs(tear.awayMs(), cluster.network()::heal);
            });
  }

  /**
   * The next leader lags, and the other follower is ahead of it with a slow disk: when the leader
   * is gone that one truncates while its fsync is under way.
   */
  private void truncateWhileSyncing(Fault.TruncateWhileSyncing fault) {
    SimBroker leader = leaderOf(fault.partition());
    if (leader == null) {
      return;
    }
    boolean first = true;
    for (SimBroker other : cluster.brokers()) {
      if (other != leader && first) {
        cluster.network().clog(leader.id(), other.id(), 2_000);
        first = false;
      } else if (other != leader) {
        other.directory().slow(fault.syncMs());
      }
    }
    cluster.clock().afterMs(150, () -> kill(leader, 2_500));
    calmFor(500);
  }

  /** What lay in wait for that moment happens; returns for how long the request is held back. */
  private long strike(Fault.Ambush ambush, Ambushes.Prey prey) {
    if (Trace.ON) {
      Trace.say(cluster, "fault " + ambush + " " + prey);
    }
    SimBroker actor = prey.actor();
    SimBroker other = prey.other();
    switch (ambush.blow()) {
      case KILL -> cluster.clock().afterMicros(1, () -> kill(actor, ambush.millis()));
      case LOSE_POWER -> cluster.clock().afterMicros(1, () -> losePower(actor, ambush.millis()));
      case SWAP_OTHERS_DISK -> {
        long late = IN_SERVICE_AGAIN_MS + ambush.millis() % 400;
        for (int node = SimQuorum.FIRST_NODE; node < SimQuorum.FIRST_NODE + 3; node++) {
          cluster.network().clog(actor.id(), node, late);
        }
        wipe(other, 1);
        cutBothWays(actor.id(), other.id());
        calmFor(2 * late);
        return late;
      }
      case HOLD_REQUEST -> {
        long held = cluster.replicaConfig().lagTimeMaxMs() + ambush.millis() % 2_000;
        cutBothWays(actor.id(), other.id());
        calmFor(held + 100);
        return held;
      }
      case DEAFEN -> {
        calmFor(ambush.millis());
        actor.slowMetadata(ambush.millis());
        cluster.network().loseAnswers(1);
        other.directory().slow(60);
      }
      case CUT_FROM_QUORUM -> cutFromQuorum(actor.id());
      case CONTROLLER_FAILOVER -> inject(new Fault.ControllerFailover());
    }
    return 0;
  }

  private void kill(SimBroker broker, long restartAfterMs) {
    if (broker.isUp()) {
      cluster.counters().count(Counter.KILLS);
      broker.kill();
      restart(broker, restartAfterMs);
    }
  }

  /** Only as much as has to be tolerated: rot is destruction. */
  private void rot(SimBroker broker, int percent) {
    if (isSpare(broker, false)) {
      for (SimLog log : broker.disk().values()) {
        if (log.rot(percent)) {
          cluster.counters().count(Counter.LOGS_ROTTEN);
        }
      }
    }
  }

  private void fillDisk(SimBroker broker, long forMs) {
    broker.directory().full(true);
    cluster.clock().afterMs(forMs, () -> broker.directory().full(false));
  }

  /** For a memory-durable topic that destroys what is in memory: only as much as is tolerated. */
  private void losePower(SimBroker broker, long restartAfterMs) {
    if (cluster.setup().memoryDurable() && !isSpare(broker, true)) {
      kill(broker, restartAfterMs);
    } else if (broker.isUp()) {
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
    long all = (long) fault.pauseMs() * cluster.setup().brokers();
    for (SimBroker broker : cluster.brokers()) {
      long restart = all - at + fault.restartAfterMs() * (1L + cluster.clock().below(3));
      cluster.clock().afterMs(at, () -> kill(broker, restart));
      at += fault.pauseMs();
    }
  }

  /** Only as much as has to be tolerated. */
  private void wipe(SimBroker broker, long restartAfterMs) {
    if (!isSpare(broker, true)) {
      return;
    }
    cluster.counters().count(Counter.DISKS_WIPED);
    if (broker.isUp()) {
      broker.losePower();
    }
    broker.wipe();
    restart(broker, restartAfterMs);
  }

  private void destroyAllBut(Fault.DestroyAllBut destroy) {
    SimBroker spared = broker(destroy.broker());
    for (SimBroker broker : cluster.brokers()) {
      if (broker != spared) {
        cluster.counters().count(Counter.DISKS_WIPED);
        if (broker.isUp()) {
          broker.losePower();
        }
        broker.wipe();
        restart(broker, destroy.restartAfterMs());
      }
    }
    cluster.truths().values().forEach(Truth::copiesDestroyed);
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

  /**
   * Whether everything has to survive without this broker's disk: of the replicas that can be
   * elected fewer than min ISR are lost with it, and one that is whole is left.
   *
   * @param noticed whether the broker finds out before it can get any rights; rot may stay
   *     unnoticed while its replica joins the ISR
   */
  private boolean isSpare(SimBroker broker, boolean noticed) {
    boolean[] spare = {cluster.quorum().image().topic(SimCluster.TOPIC) != null};
    cluster
        .quorum()
        .image()
        .forEachPartition(
            (id, partition) -> {
              if (partition.hasRights(broker.id()) || !noticed) {
                int lost = 1;
                int whole = 0;
                for (SimBroker other : cluster.brokers()) {
                  boolean rights = partition.hasRights(other.id());
                  if (other != broker) {
                    boolean gone =
                        other.isFailing()
                            || ElectableReplicasHaveEverything.isLostUnnoticed(cluster, other, id);
                    lost += gone && (rights || other.isRotten(id)) ? 1 : 0;
                    whole += rights && !gone ? 1 : 0;
                  }
                }
                spare[0] &= lost < cluster.setup().minInsyncReplicas() && whole > 0;
              }
            });
    return spare[0];
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

  private void deleteRecords(Fault.DeleteRecords delete) {
    SimBroker leader = leaderOf(delete.partition());
    if (leader != null) {
      for (SimReplica replica : List.copyOf(leader.replicas().values())) {
        if (replica.core().partition().partition() % 2 == delete.partition() % 2) {
          replica.deleteRecords(delete.percent());
        }
      }
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

  /** Everything is whole again, and everyone up. */
  void healAll() {
    cluster.network().heal();
    cluster.ambushes().clear();
    for (SimBroker broker : cluster.brokers()) {
      speedUp(broker);
      if (!broker.isUp()) {
        broker.start();
      }
    }
  }
}
