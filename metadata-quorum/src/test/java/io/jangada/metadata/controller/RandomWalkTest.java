// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerIdAndEpoch;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.MetadataMachine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any sequence of requests, decided on the present image or on one of some entries ago, as if other
 * proposals had overtaken them. {@link ImageRules} hold after every entry.
 */
class RandomWalkTest {
  private static final int BROKERS = 4;

  /** What happens in a step. */
  enum Kind {
    CLAIM,
    RESTART,
    RESTART_WIPED,
    UNFENCE,
    FENCE,
    SHUT_DOWN,
    CREATE,
    DELETE,
    ALTER_ISR,
    ALLOCATE,
    RELINQUISH,
    RESIGN,
    RELIEVE,
    CONFIGURE,
    ADD_PARTITIONS,
    ELECT_PREFERRED,
    RESTART_DAMAGED,
    REMOVE,
    SWEEP
  }

  /**
   * A step of the walk.
   *
   * @param behind how many entries the deciding image is behind
   * @param seed of the remaining choices
   */
  record Step(Kind kind, int brokerId, int behind, long seed) {}

  @Property(tries = 400)
  void rulesHoldWhateverOvertakesWhat(@ForAll("walks") List<Step> walk) {
    List<MetadataImage> images = new ArrayList<>();
    List<ConditionalBatch> log = new ArrayList<>();
    MetadataFixture start = MetadataFixture.withBrokers(1, 2, 3);
    start.create("t", 2, 3);
    start.create("alone", 1, 1);
    images.add(start.image());
    for (Step step : walk) {
      MetadataImage seen = images.get(Math.max(0, images.size() - 1 - step.behind()));
      for (ConditionalBatch batch : decide(seen, step)) {
        images.add(append(images.getLast(), batch));
        log.add(batch);
      }
    }
    MetadataImage settled = settle(images.getLast());
    settled.forEachPartition((id, partition) -> assertSettled(settled, partition));
    assertReplayGivesTheSame(start.image(), log, images.getLast());
  }

  private static MetadataImage append(MetadataImage image, ConditionalBatch batch) {
    Applied applied = MetadataMachine.apply(image, image.index() + 1, batch);
    ImageRules.check(applied.delta());
    assertThat(applied.results()).hasSameSizeAs(batch.items());
    return applied.image();
  }

  private static List<ConditionalBatch> decide(MetadataImage seen, Step step) {
    if (step.kind() == Kind.SWEEP) {
      return Controller.sweep(seen);
    }
    if (step.kind() == Kind.RELIEVE) {
      return Controller.relief(
          seen, step.brokerId(), Set.of(step.brokerId()), step.seed() % 2 == 0);
    }
    return switch (Controller.decide(seen, request(seen, step), step.seed())) {
      case Decision.Answer ignored -> List.of();
      case Decision.Propose(ConditionalBatch batch, Decision.Conclusion ignored) -> List.of(batch);
    };
  }

  private static ControllerRequest request(MetadataImage seen, Step step) {
    Random random = new Random(step.seed());
    int brokerId = step.brokerId();
    BrokerRegistration broker = seen.broker(brokerId);
    long epoch = broker == null ? BrokerRegistration.UNASSIGNED : broker.brokerEpoch();
    return switch (step.kind()) {
      case CLAIM -> new ControllerRequest.ClaimController(brokerId);
      case RESTART ->
          MetadataFixture.registration(
              brokerId,
              new UUID(random.nextLong(), 0),
              broker == null
                  ? MetadataFixture.directory(brokerId)
                  : broker.provenance().directories().getFirst());
      case RESTART_WIPED ->
          MetadataFixture.registration(
              brokerId, new UUID(random.nextLong(), 0), new UUID(random.nextLong(), 1));
      case UNFENCE -> new ControllerRequest.UnfenceBroker(brokerId, epoch, seen.index());
      case FENCE -> new ControllerRequest.FenceBroker(brokerId, epoch, "walk");
      case SHUT_DOWN -> new ControllerRequest.ControlledShutdown(brokerId, epoch);
      case CREATE ->
          new ControllerRequest.CreateTopics(
              List.of(
                  new ControllerRequest.NewTopic(
                      "t" + random.nextInt(3), 2, 1 + random.nextInt(3), Map.of())),
              false);
      case DELETE ->
          new ControllerRequest.DeleteTopics(
              seen.topics().keySet().stream().skip(random.nextInt(3)).limit(1).toList(), false);
      case ALTER_ISR -> alterIsr(seen, brokerId, epoch, random);
      case ALLOCATE -> new ControllerRequest.AllocateProducerIds(brokerId, epoch);
      case RELINQUISH ->
          new ControllerRequest.RelinquishReplicas(
              brokerId,
              epoch,
              seen.partitionsOf(brokerId),
              random.nextBoolean(),
              List.of(),
              "walk");
      case RESIGN ->
          new ControllerRequest.Resign(
              brokerId,
              epoch,
              seen.partitionsOf(brokerId).stream()
                  .map(
                      id ->
                          new ControllerRequest.Leadership(
                              id, Objects.requireNonNull(seen.partition(id)).leaderEpoch()))
                  .toList());
      case CONFIGURE ->
          new ControllerRequest.AlterTopicConfigs(
              seen.topics().keySet().stream()
                  .map(
                      topic ->
                          new ControllerRequest.TopicConfigChange(
                              topic,
                              Map.of(
                                  "min.insync.replicas", Integer.toString(1 + random.nextInt(3))),
                              List.of()))
                  .toList(),
              false);
      case ADD_PARTITIONS -> addPartitions(seen, random);
      case ELECT_PREFERRED ->
          new ControllerRequest.ElectPreferred(seen.partitionsOf(brokerId), false);
      case REMOVE -> new ControllerRequest.RemoveBroker(brokerId, false);
      case RESTART_DAMAGED -> damagedRestart(seen, brokerId, random);
      case RELIEVE, SWEEP -> throw new AssertionError("not a request");
    };
  }

  private static ControllerRequest addPartitions(MetadataImage seen, Random random) {
    return new ControllerRequest.AddPartitions(
        seen.topics().values().stream()
            .map(
                topic ->
                    new ControllerRequest.PartitionCount(
                        topic.id(), Math.min(6, topic.partitions().size() + random.nextInt(3))))
            .toList(),
        false);
  }

  private static ControllerRequest damagedRestart(MetadataImage seen, int brokerId, Random random) {
    return new ControllerRequest.RegisterBroker(
        brokerId,
        new UUID(random.nextLong(), 2),
        MetadataFixture.profile("r"),
        new Provenance(
            List.of(new UUID(random.nextLong(), 3)), MetadataFixture.BOOT, Provenance.UNCLEAN),
        damaged(seen, brokerId, random));
  }

  private static ReplicaVerdicts damaged(MetadataImage seen, int brokerId, Random random) {
    Set<TopicIdPartition> whole = new HashSet<>();
    Set<TopicIdPartition> suspect = new HashSet<>();
    Set<TopicIdPartition> damaged = new HashSet<>();
    for (TopicIdPartition id : seen.partitionsOf(brokerId)) {
      List.of(whole, suspect, damaged).get(random.nextInt(3)).add(id);
    }
    BrokerRegistration broker = seen.broker(brokerId);
    UUID directory =
        broker == null
            ? MetadataFixture.directory(brokerId)
            : broker.provenance().directories().getFirst();
    return ReplicaVerdicts.of(Map.of(directory, whole), suspect, Set.of(), damaged);
  }

  /** Any subset of the replicas, for everything that the broker leads. */
  private static ControllerRequest alterIsr(
      MetadataImage seen, int brokerId, long epoch, Random random) {
    List<ControllerRequest.IsrChange> changes = new ArrayList<>();
    for (TopicIdPartition id : seen.partitionsOf(brokerId)) {
      PartitionRegistration partition = seen.partition(id);
      if (partition == null || partition.leader() != brokerId) {
        continue;
      }
      List<BrokerIdAndEpoch> isr = new ArrayList<>();
      for (Integer member : partition.replicas()) {
        BrokerRegistration broker = seen.broker(member);
        if (broker != null && (member == brokerId || random.nextBoolean())) {
          isr.add(new BrokerIdAndEpoch(member, broker.brokerEpoch()));
        }
      }
      changes.add(
          new ControllerRequest.IsrChange(
              id, partition.leaderEpoch(), partition.partitionEpoch(), isr));
    }
    return new ControllerRequest.AlterIsr(brokerId, epoch, changes);
  }

  private static MetadataImage settle(MetadataImage image) {
    MetadataImage current = image;
    for (ConditionalBatch batch : Controller.sweep(image)) {
      current = append(current, batch);
    }
    assertThat(Controller.sweep(current)).isEmpty();
    return current;
  }

  private static void assertSettled(MetadataImage image, PartitionRegistration partition) {
    assertThat(partition.isr()).noneMatch(member -> status(image, member) == BrokerStatus.FENCED);
    List<Integer> electable = partition.isr().isEmpty() ? partition.elr() : partition.isr();
    if (electable.stream().anyMatch(image::inService)) {
      assertThat(partition.hasLeader()).isTrue();
    }
  }

  private static BrokerStatus status(MetadataImage image, int brokerId) {
    BrokerRegistration broker = image.broker(brokerId);
    return broker == null ? BrokerStatus.FENCED : broker.status();
  }

  /** Deterministic, and deaf to what it has heard before. */
  private static void assertReplayGivesTheSame(
      MetadataImage start, List<ConditionalBatch> log, MetadataImage end) {
    MetadataImage image = start;
    for (ConditionalBatch batch : log) {
      long index = image.index() + 1;
      image = MetadataMachine.apply(image, index, batch).image();
      assertThat(MetadataMachine.apply(image, index, batch).image()).isSameAs(image);
    }
    assertThat(image).isEqualTo(end);
  }

  @Provide
  Arbitrary<List<Step>> walks() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(1, BROKERS),
            Arbitraries.integers()
                .between(0, 6)
                .withDistribution(net.jqwik.api.RandomDistribution.biased()),
            Arbitraries.longs())
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }
}
