// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.ControllerGateway;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.controller.Controller;
import io.jangada.metadata.controller.Decision;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.MetadataMachine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Three brokers under the controller's own rules, in memory; broker 3 is out of service. */
final class FakeCluster implements ControllerGateway, ClusterMetadata {
  static final UUID ID = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);

  private MetadataImage image = MetadataImage.EMPTY;
  private long seed;
  private boolean silent;

  FakeCluster() {
    ask(new ControllerRequest.ClaimController(1));
    ask(new ControllerRequest.FormatCluster(ID, new UUID(1, 2)));
    for (int broker = 1; broker <= 3; broker++) {
      ask(
          new ControllerRequest.RegisterBroker(
              broker,
              new UUID(0, broker),
              new BrokerProfile(
                  new Endpoints("b" + broker + ":7400", "k" + broker + ":9092", ""),
                  broker == 1 ? "" : "rack-" + broker,
                  List.of(NodeRole.BROKER),
                  FeatureRange.SUPPORTED),
              new Provenance(List.of(), new UUID(0, 0), Provenance.UNCLEAN)));
    }
    for (int broker = 1; broker <= 2; broker++) {
      long epoch = Objects.requireNonNull(image.broker(broker)).brokerEpoch();
      ask(new ControllerRequest.UnfenceBroker(broker, epoch, image.index()));
    }
  }

  /** From here on the controller does not answer. */
  void fallSilent() {
    silent = true;
  }

  /** A topic of that many partitions, all on broker 1. */
  TopicImage create(String name, int partitions, Map<String, String> configs) {
    List<List<Integer>> assignments = Stream.generate(() -> List.of(1)).limit(partitions).toList();
    ask(
        new ControllerRequest.CreateTopics(
            List.of(new ControllerRequest.NewTopic(name, 0, 0, configs, assignments)), false));
    return topic(name);
  }

  TopicImage topic(String name) {
    return Objects.requireNonNull(image.topic(name), name);
  }

  private void ask(ControllerRequest request) {
    if (submit(request).join() instanceof ControllerAnswer.Failed failed) {
      throw failed.refusal().toException();
    }
  }

  @Override
  public CompletableFuture<ControllerAnswer> submit(ControllerRequest request) {
    if (silent) {
      return new CompletableFuture<>();
    }
    return CompletableFuture.completedFuture(
        switch (Controller.decide(image, request, ++seed)) {
          case Decision.Answer(ControllerAnswer answer) -> answer;
          case Decision.Propose propose -> {
            Applied applied = MetadataMachine.apply(image, image.index() + 1, propose.batch());
            image = applied.image();
            yield propose.conclusion().conclude(applied);
          }
        });
  }

  @Override
  public MetadataImage image() {
    return image;
  }

  @Override
  public Listening listen(Consumer<MetadataDelta> listener) {
    return () -> {};
  }

  @Override
  public CompletableFuture<Void> reached(long index) {
    return CompletableFuture.completedFuture(null);
  }
}
