// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.cluster.ClusterFollower;
import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.grpc.GrpcFrontDoor;
import io.jangada.broker.startup.NodeContext;
import io.jangada.broker.startup.NodeServices;
import io.jangada.broker.startup.StartupSteps;
import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.quorum.QuorumNode;
import io.jangada.metadata.quorum.QuorumNodeConfig;
import io.jangada.metadata.rpc.MetadataClient;
import io.jangada.metadata.rpc.MetadataClientConfig;
import io.jangada.metadata.store.LmdbMetadataStore;
import io.jangada.replication.runtime.PartitionReplication;
import io.jangada.replication.runtime.ReplicationRuntime;
import io.jangada.replication.storage.FileStorage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does, by its roles. The gRPC port opens before the quorum is joined, because members
 * ask each other there who may vote; client services answer from the moment at which the metadata
 * is followed.
 */
public final class ServingNode implements NodeServices {
  private static final Logger log = LoggerFactory.getLogger(ServingNode.class);

  @Override
  public void start(StartupSteps steps, NodeContext node) throws Exception {
    BrokerConfig config = node.config();
    QuorumNode quorum =
        config.node().isQuorumMember()
            ? steps.open("quorum storage", () -> openQuorum(node))
            : null;
    MetadataClient metadata = steps.open("metadata copy", () -> openMetadata(node));
    ClusterFollower follower =
        new ClusterFollower(
            config.node().id(),
            metadata,
            defect -> node.fatalErrors().fatal("the replicas cannot follow the metadata", defect));
    ReplicationRuntime replication =
        config.node().isBroker()
            ? steps.open("partitions", () -> openPartitions(node, follower))
            : null;
    WorkerPool workers = steps.open("worker threads", WorkerPool::start);
    FrontDoorServices services =
        steps.open(
            "client services",
            () -> new FrontDoorServices(config, metadata, follower, replication, workers));
    GrpcFrontDoor frontDoor =
        steps.open(
            "gRPC port", () -> openFrontDoor(config, quorum, replication, services, workers));

    if (quorum != null) {
      CompletableFuture<Void> joined = quorum.start();
      node.readiness().add("quorum", () -> whyNot(joined.isDone(), "not joined yet"));
      steps.run("quorum membership", () -> Awaiting.of(joined, steps));
    }
    follower.follow(replication);
    if (replication != null) {
      register(steps, node, metadata, follower, replication);
    }
    frontDoor.serving();
    steps.onClose("client traffic", frontDoor::leaving);
  }

  private static QuorumNode openQuorum(NodeContext node) {
    BrokerConfig config = node.config();
    return QuorumNode.open(
        new QuorumNodeConfig(
            node.identity().clusterId(),
            config.node().id(),
            node.identity().directoryId(),
            config.storage().directory().resolve("quorum"),
            members(config),
            new LivenessSettings(
                config.broker().sessionTimeout(),
                LivenessSettings.DEFAULTS.probeInterval(),
                LivenessSettings.DEFAULTS.firstContact()),
            QuorumNodeConfig.Sizes.defaults()),
        node.metrics(),
        cause -> node.fatalErrors().fatal("the quorum member cannot go on", cause));
  }

  private static MetadataClient openMetadata(NodeContext node) throws IOException {
    BrokerConfig config = node.config();
    Path directory = config.storage().directory().resolve("metadata");
    Files.createDirectories(directory);
    return MetadataClient.open(
        new MetadataClientConfig(
            node.identity().clusterId(),
            config.node().id(),
            members(config),
            directory,
            config.broker().sessionTimeout(),
            LmdbMetadataStore.Options.defaults()),
        node.metrics());
  }

  private static ReplicationRuntime openPartitions(NodeContext node, ClusterFollower follower)
      throws IOException {
    return PartitionReplication.start(
        PartitionSettings.of(node.config()),
        new FileStorage(),
        follower.isrProposals(),
        follower.brokerDirectory(),
        node.metrics());
  }

  private static GrpcFrontDoor openFrontDoor(
      BrokerConfig config,
      @Nullable QuorumNode quorum,
      @Nullable ReplicationRuntime replication,
      FrontDoorServices services,
      WorkerPool workers) {
    GrpcFrontDoor.Builder builder =
        GrpcFrontDoor.at(
            new InetSocketAddress(config.listeners().bindHost(), config.listeners().grpcPort()));
    if (quorum != null) {
      quorum.services().forEach(builder::direct);
    }
    if (replication != null) {
      builder.direct(replication.service());
    }
    services.addTo(builder);
    return builder.open(workers);
  }

  private static void register(
      StartupSteps steps,
      NodeContext node,
      MetadataClient metadata,
      ClusterFollower follower,
      ReplicationRuntime replication) {
    CompletableFuture<Long> registered =
        follower.register(
            Registration.of(node),
            node.runMark()::registered,
            reason -> node.fatalErrors().fatal("this broker may not go on", reason));
    node.readiness().add("registered", () -> whyNot(registered.isDone(), "not registered yet"));
    node.readiness().add("in service", () -> whyNot(!metadata.fenced(), "fenced by the quorum"));
    node.readiness()
        .add("storage", () -> whyNot(!replication.storageFailed(), "the log directory has failed"));
    steps.run("registration", () -> Awaiting.of(registered, steps));
    steps.onClose(
        "leadership",
        () -> handOver(node.config(), metadata.controlledShutdown(shutdownShare(node.config()))));
  }

  private static void handOver(BrokerConfig config, CompletableFuture<Integer> handedOver) {
    int left = handedOver.join();
    if (left > 0) {
      log.warn(
          "Broker {} stops while it still leads {} partitions: no other in-sync replica could"
              + " take them over",
          config.node().id(),
          left);
    }
  }

  /** Half of the time a shutdown may take: the rest is for closing what is open. */
  private static Duration shutdownShare(BrokerConfig config) {
    return config.broker().shutdownTimeout().dividedBy(2);
  }

  private static List<QuorumMember> members(BrokerConfig config) {
    return config.quorum().members().stream()
        .map(member -> new QuorumMember(member.id(), member.ratisAddress(), member.grpcAddress()))
        .toList();
  }

  private static Optional<String> whyNot(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }
}
