// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import io.jangada.replication.core.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Brokers, quorum, network, clock and what is known to be true, in one process on one thread. */
final class SimCluster {
  /** The one topic. */
  static final String TOPIC = "orders";

  private static final ReplicaConfig REPLICA_CONFIG =
      new ReplicaConfig(2_000, 100, 1_000, 100, 3_600_000, 1_000);

  private final Plan.Setup setup;
  private final SimClock clock;
  private final SimNetwork network;
  private final SimQuorum quorum;
  private final Counters counters = new Counters();
  private final Ambushes ambushes = new Ambushes(this);
  private final Map<Integer, SimBroker> brokers = new TreeMap<>();
  private final Map<TopicIdPartition, Truth> truths = new TreeMap<>();
  private final List<Invariant> invariants = Invariant.all();

  SimCluster(Plan plan) {
    setup = plan.setup();
    clock = new SimClock(plan.seed());
    network = new SimNetwork(clock);
    quorum = new SimQuorum(this);
    for (int id = 1; id <= setup.brokers(); id++) {
      brokers.put(id, new SimBroker(this, id));
    }
  }

  Plan.Setup setup() {
    return setup;
  }

  SimClock clock() {
    return clock;
  }

  SimNetwork network() {
    return network;
  }

  SimQuorum quorum() {
    return quorum;
  }

  Counters counters() {
    return counters;
  }

  Ambushes ambushes() {
    return ambushes;
  }

  SimBroker broker(int id) {
    SimBroker broker = brokers.get(id);
    if (broker == null) {
      throw new IllegalArgumentException("expected a broker from 1 to " + brokers.size());
    }
    return broker;
  }

  Iterable<SimBroker> brokers() {
    return brokers.values();
  }

  Map<TopicIdPartition, Truth> truths() {
    return truths;
  }

  Truth truth(TopicIdPartition partition) {
    return truths.computeIfAbsent(partition, Truth::new);
  }

  ReplicaConfig replicaConfig() {
    return REPLICA_CONFIG;
  }

  // ---- steps

  /** Everything up and in service, and the topic there. */
  void boot() {
    quorum.failover();
    UUID clusterId = new UUID(1, 1);
    runUntil(() -> quorum.image().controllerEpoch() > 0, 5_000, "a controller");
    quorum.decide(new ControllerRequest.FormatCluster(clusterId, clusterId), ignored -> {});
    runUntil(() -> quorum.image().cluster().featureLevel() > 0, 5_000, "a formatted cluster");
    for (SimBroker broker : brokers.values()) {
      broker.start();
    }
    runUntil(this::allInService, 20_000, "all brokers in service");
    clock.everyMs(150, this::keepTopic);
    runUntil(this::allIsrsFull, 20_000, "full ISRs");
  }

  /**
   * Someone wants the topic to be there, and asks until it is: brokers or answers may be missing.
   * Not while a broker has lost its disk and the quorum does not know: replicas placed there would
   * be lost from the start.
   */
  private void keepTopic() {
    boolean disksKnown =
        brokers.values().stream()
            .noneMatch(b -> ElectableReplicasHaveEverything.isUnregisteredDisk(this, b));
    if (quorum.image().topic(TOPIC) == null && disksKnown) {
      ControllerRequest.NewTopic topic =
          new ControllerRequest.NewTopic(
              TOPIC,
              setup.partitions(),
              Math.min(3, setup.brokers()),
              Map.of("min.insync.replicas", String.valueOf(setup.minInsyncReplicas())));
      quorum.decide(
          new ControllerRequest.CreateTopics(List.of(topic), false), ignored -> quorum.sweep());
    }
  }

  /** Runs all that is due in that time, checking after each event. */
  void run(long millis) {
    long until = clock.nowMicros() + millis * 1000;
    while (clock.runNext(until)) {
      check();
    }
  }

  /** Runs until it holds; I10 if it does not in that time. */
  void runUntil(BooleanSupplier condition, long maxMillis, String what) {
    long until = clock.nowMicros() + maxMillis * 1000;
    while (!condition.getAsBoolean()) {
      if (!clock.runNext(until)) {
        throw new InvariantViolation(
            "I10", "expected " + what + " within " + maxMillis + " ms, but: " + Describe.of(this));
      }
      check();
    }
  }

  private void check() {
    for (int i = 0; i < invariants.size(); i++) {
      invariants.get(i).check(this);
    }
  }

  // ---- what the parts tell

  void committed(MetadataImage before, MetadataImage after) {
    NothingGoesBack.checkMetadata(before, after);
    for (SimBroker broker : brokers.values()) {
      clock.afterMicros(1, broker::poll);
    }
  }

  void brokerGone(SimBroker broker, long noticedWithinMs) {
    long epoch = broker.brokerEpoch();
    long connection = (long) broker.process() << 32 | quorum.term();
    clock.afterMs(
        clock.between(0, noticedWithinMs),
        () -> quorum.disconnected(broker.id(), epoch, connection));
    for (SimBroker any : brokers.values()) {
      for (SimStream stream : new ArrayList<>(any.streams())) {
        if (stream.touches(broker.id())) {
          stream.breakWithin(noticedWithinMs);
          any.streams().remove(stream);
        }
      }
    }
  }

  // ---- questions

  boolean allInService() {
    for (SimBroker broker : brokers.values()) {
      if (!quorum.image().inService(broker.id())) {
        return false;
      }
    }
    return true;
  }

  /** The topic exists, every partition is led, and every replica is in sync. */
  boolean allIsrsFull() {
    TopicImage topic = quorum.image().topic(TOPIC);
    return topic != null
        && topic.partitions().values().stream()
            .allMatch(p -> p.hasLeader() && p.isr().size() == p.replicas().size());
  }
}
