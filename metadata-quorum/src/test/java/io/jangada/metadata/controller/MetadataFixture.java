// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerIdAndEpoch;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.MetadataMachine;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A metadata log without a quorum: every entry goes through its bytes and through the machine. */
final class MetadataFixture {
  static final UUID BOOT = new UUID(7, 7);

  private MetadataImage image = MetadataImage.EMPTY;
  private long incarnations;
  private long seeds;

  /** Whether the rules of elections may be broken: for tests that do so on purpose. */
  boolean uncleanElections;

  /** A formatted cluster with a controller. */
  MetadataFixture() {
    ask(new ControllerRequest.ClaimController(1));
    ask(new ControllerRequest.FormatCluster(new UUID(1, 1), new UUID(1, 2)));
  }

  /** The same with these brokers in service. */
  static MetadataFixture withBrokers(int... brokerIds) {
    MetadataFixture fixture = new MetadataFixture();
    Arrays.stream(brokerIds).forEach(fixture::start);
    return fixture;
  }

  /** A controller of metadata that was restored. */
  static MetadataFixture restored(MetadataImage image) {
    MetadataFixture fixture = new MetadataFixture();
    fixture.image = image;
    fixture.incarnations = 1_000;
    fixture.ask(new ControllerRequest.ClaimController(1));
    return fixture;
  }

  MetadataImage image() {
    return image;
  }

  ControllerAnswer ask(ControllerRequest request) {
    return switch (Controller.decide(image, request, seeds++)) {
      case Decision.Answer(ControllerAnswer answer) -> answer;
      case Decision.Propose(ConditionalBatch batch, Decision.Conclusion conclusion) ->
          conclusion.conclude(append(batch));
    };
  }

  Applied append(ConditionalBatch batch) {
    ConditionalBatch stored = MetadataCodec.decodeBatch(MetadataCodec.encodeBatch(batch));
    Applied applied = MetadataMachine.apply(image, image.index() + 1, stored);
    ImageRules.check(applied.delta(), uncleanElections);
    image = applied.image();
    return applied;
  }

  /** Sweeps: one pass is enough where no one interferes. */
  void sweep() {
    Controller.sweep(image).forEach(this::append);
    assertThat(Controller.sweep(image)).isEmpty();
  }

  /** A new process on the broker's own directory. */
  long register(int brokerId) {
    return register(brokerId, directory(brokerId));
  }

  /** A new process on some directory. */
  long register(int brokerId, UUID directory) {
    ControllerAnswer answer = ask(registration(brokerId, nextIncarnation(), directory));
    return ((ControllerAnswer.Registered) answer).brokerEpoch();
  }

  /** A new process, of whose replicas recovery says that. */
  long register(int brokerId, UUID bootId, ReplicaVerdicts verdicts, UUID... directories) {
    ControllerRequest request =
        new ControllerRequest.RegisterBroker(
            brokerId,
            nextIncarnation(),
            profile("rack-" + brokerId),
            new Provenance(List.of(directories), bootId, Provenance.UNCLEAN),
            verdicts);
    return ((ControllerAnswer.Registered) ask(request)).brokerEpoch();
  }

  ControllerAnswer unfence(int brokerId) {
    return ask(new ControllerRequest.UnfenceBroker(brokerId, epoch(brokerId), image.index()));
  }

  ControllerAnswer fence(int brokerId) {
    return ask(new ControllerRequest.FenceBroker(brokerId, epoch(brokerId), "test"));
  }

  void start(int brokerId) {
    register(brokerId);
    unfence(brokerId);
    sweep();
  }

  void stop(int brokerId) {
    fence(brokerId);
    sweep();
  }

  long epoch(int brokerId) {
    return Objects.requireNonNull(image.broker(brokerId)).brokerEpoch();
  }

  BrokerIdAndEpoch member(int brokerId) {
    BrokerRegistration broker = image.broker(brokerId);
    return new BrokerIdAndEpoch(
        brokerId, broker == null ? BrokerRegistration.UNASSIGNED : broker.brokerEpoch());
  }

  ControllerAnswer.CreateTopicResult create(String name, int partitions, int replicationFactor) {
    return create(name, partitions, replicationFactor, Map.of());
  }

  ControllerAnswer.CreateTopicResult create(
      String name, int partitions, int replicationFactor, Map<String, String> configs) {
    ControllerAnswer answer =
        ask(
            new ControllerRequest.CreateTopics(
                List.of(
                    new ControllerRequest.NewTopic(name, partitions, replicationFactor, configs)),
                false));
    return ((ControllerAnswer.TopicsCreated) answer).results().getFirst();
  }

  TopicIdPartition id(String topic, int partition) {
    return Objects.requireNonNull(image.topic(topic)).partitionId(partition);
  }

  PartitionRegistration partition(String topic, int partition) {
    return Objects.requireNonNull(image.partition(id(topic, partition)));
  }

  /** The leader's proposal for what it now sees. */
  ControllerRequest.AlterIsr proposal(String topic, int partition, Integer... isr) {
    PartitionRegistration present = partition(topic, partition);
    return new ControllerRequest.AlterIsr(
        present.leader(),
        epoch(present.leader()),
        List.of(
            new ControllerRequest.IsrChange(
                id(topic, partition),
                present.leaderEpoch(),
                present.partitionEpoch(),
                Arrays.stream(isr).map(this::member).toList())));
  }

  ControllerAnswer.IsrChangeResult alterIsr(String topic, int partition, Integer... isr) {
    return alterIsr(proposal(topic, partition, isr));
  }

  ControllerAnswer.IsrChangeResult alterIsr(ControllerRequest.AlterIsr proposal) {
    return ((ControllerAnswer.IsrAltered) ask(proposal)).results().getFirst();
  }

  UUID nextIncarnation() {
    return new UUID(3, incarnations++);
  }

  static UUID directory(int brokerId) {
    return new UUID(2, brokerId);
  }

  static ControllerRequest.RegisterBroker registration(
      int brokerId, UUID incarnation, UUID... directories) {
    return new ControllerRequest.RegisterBroker(
        brokerId,
        incarnation,
        profile("rack-" + brokerId),
        new Provenance(List.of(directories), BOOT, Provenance.UNCLEAN));
  }

  static BrokerProfile profile(String rack) {
    return new BrokerProfile(
        new Endpoints("127.0.0.1:7400", "", "127.0.0.1:7402"),
        rack,
        List.of(NodeRole.QUORUM, NodeRole.BROKER),
        FeatureRange.SUPPORTED);
  }
}
