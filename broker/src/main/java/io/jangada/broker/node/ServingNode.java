// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.cluster.ClusterFollower;
import io.jangada.broker.cluster.ReplicaRelinquisher;
import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.grpc.GrpcFrontDoor;
import io.jangada.broker.grpc.GrpcLimits;
import io.jangada.broker.settings.LiveSettings;
import io.jangada.broker.startup.LogDirectories;
import io.jangada.broker.startup.NodeContext;
import io.jangada.broker.startup.NodeServices;
import io.jangada.broker.startup.ServerLogging;
import io.jangada.broker.startup.StartupSteps;
import io.jangada.metadata.command.UnfitDirectory;
import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.quorum.QuorumNode;
import io.jangada.metadata.quorum.QuorumNodeConfig;
import io.jangada.metadata.rpc.MetadataClient;
import io.jangada.metadata.rpc.MetadataClientConfig;
import io.jangada.metadata.store.LmdbMetadataStore;
import io.jangada.replication.runtime.PartitionReplication;
import io.jangada.replication.runtime.ReplicationRuntime;
import io.jangada.replication.runtime.ReplicationTuning;
import io.jangada.replication.storage.FileStorage;
import io.prometheus.client.Gauge;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does, by its roles. The gRPC port opens before the quorum is joined, because members
 * ask each other there who may vote; clients are let in only when the metadata here is up to date,
 * because an old copy would deny topics that exist.
 */
public final class ServingNode implements NodeServices {
  private static final Logger log = LoggerFactory.getLogger(ServingNode.class);

  /** A node that registers nothing serves as soon as it has heard anything. */
  private static final long FIRST_INDEX = 1;

  /** Thousands of partitions move in less; where there is no quorum, waiting longer is in vain. */
  private static final Duration HAND_OVER_PATIENCE = Duration.ofSeconds(3);

  /** To tell the quorum of a failed disk; it finds out by itself a little later. */
  private static final Duration LAST_WORDS_PATIENCE = Duration.ofMillis(500);

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
        config.node().isBroker() ? servePartitions(steps, node, metadata, follower) : null;
    LiveSettings settings = followSettings(config, follower, replication);
    WorkerPool workers = steps.open("worker threads", WorkerPool::start);
    FrontDoorServices services =
        steps.open(
            "client services",
            () ->
                new FrontDoorServices(
                    config, metadata, follower, replication, workers, settings, node.metrics()));
    GrpcFrontDoor frontDoor =
        steps.open(
            "gRPC port", () -> openFrontDoor(config, quorum, replication, services, workers));

    FrontDoors others = steps.open("other front doors", () -> services.others(node.metrics()));

    if (quorum != null) {
      CompletableFuture<Void> joined = quorum.start();
      node.readiness().add("quorum", () -> whyNot(joined.isDone(), "not joined yet"));
      steps.run("quorum membership", () -> Awaiting.of(joined, steps));
    }
    follower.follow(replication, (int) config.log().segmentSize().bytes());
    long knownFrom =
        replication == null ? FIRST_INDEX : register(steps, node, metadata, follower, replication);
    steps.run("metadata", () -> Awaiting.of(metadata.reached(knownFrom), steps));
    frontDoor.serving();
    steps.onClose("client traffic", frontDoor::leaving);
    steps.onClose("other clients' traffic", others::leave);
    others.serve();
  }

  /** What may change while the node runs, from what it knew when it last ran on. */
  private static LiveSettings followSettings(
      BrokerConfig config, ClusterFollower follower, @Nullable ReplicationRuntime replication) {
    LiveSettings settings = LiveSettings.follow(config, follower.metadata());
    settings.onChange(now -> ServerLogging.level(now.logLevel()));
    if (replication != null) {
      settings.onChange(
          now ->
              replication.tune(
                  new ReplicationTuning(
                      now.lagTimeout().toMillis(),
                      now.producesInFlight().bytes(),
                      now.parkedReads())));
    }
    return settings;
  }

  private static QuorumNode openQuorum(NodeContext node) {
    BrokerConfig config = node.config();
    return QuorumNode.open(
        new QuorumNodeConfig(
            node.identity().clusterId(),
            QuorumMembers.self(config),
            node.identity().joinsQuorum() || config.quorum().member(config.node().id()).isEmpty(),
            node.identity().directoryId(),
            config.storage().directory().resolve("quorum"),
            QuorumMembers.configured(config),
            new LivenessSettings(
                config.broker().sessionTimeout(),
                LivenessSettings.DEFAULTS.probeInterval(),
                LivenessSettings.DEFAULTS.firstContact(),
                config.broker().diskStallTimeout()),
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
            QuorumMembers.configured(config),
            directory,
            config.broker().sessionTimeout(),
            LmdbMetadataStore.Options.defaults()),
        node.metrics());
  }

  private static ReplicationRuntime servePartitions(
      StartupSteps steps, NodeContext node, MetadataClient metadata, ClusterFollower follower)
      throws Exception {
    List<LogDirectories.Found> logs = steps.run("log directories", () -> findLogs(node));
    ReplicationRuntime replication =
        steps.open("partitions", () -> openPartitions(node, follower, logs));
    endOnDefect(node, replication);
    giveUpWhatIsLost(node, metadata, replication, logs);
    return replication;
  }

  private static List<LogDirectories.Found> findLogs(NodeContext node) {
    return LogDirectories.verify(
        node.config().storage().directory(),
        node.config().storage().logDirectories(),
        node.identity());
  }

  private static ReplicationRuntime openPartitions(
      NodeContext node, ClusterFollower follower, List<LogDirectories.Found> logs)
      throws IOException {
    return PartitionReplication.start(
        PartitionSettings.of(
            node.config(), logs.stream().filter(LogDirectories.Found::usable).toList()),
        new FileStorage(),
        follower.isrProposals(),
        follower.brokerDirectory(),
        node.metrics());
  }

  /**
   * What cannot be served must not be elected (rules 21 and 22). A broker without a log directory
   * that works is better dead: others take over. The quorum is told before, if it can be.
   */
  private static void giveUpWhatIsLost(
      NodeContext node,
      MetadataClient metadata,
      ReplicationRuntime replication,
      List<LogDirectories.Found> logs) {
    int brokerId = node.config().node().id();
    ReplicaRelinquisher relinquisher =
        new ReplicaRelinquisher(brokerId, metadata::brokerEpoch, metadata::submit, node.metrics());
    Set<UUID> directories = Set.copyOf(replication.logDirectories().keySet());
    countFailed(node, replication, logs.size());
    logs.stream().filter(each -> !each.usable()).forEach(dead -> report(dead, relinquisher));
    replication.onReplicasLost(
        lost -> {
          var unused =
              relinquisher.relinquish(
                  lost.replicas(),
                  lost.directory().isPresent(),
                  lost.directory().stream()
                      .map(directory -> new UnfitDirectory(directory, lost.reason()))
                      .toList(),
                  lost.reason());
        });
    var unused =
        replication
            .storageFailure()
            .thenCompose(
                cause ->
                    relinquisher
                        .relinquish(
                            metadata.image().partitionsOf(brokerId),
                            true,
                            directories.stream()
                                .map(each -> new UnfitDirectory(each, cause.toString()))
                                .toList(),
                            "the last log directory has failed: " + cause)
                        .completeOnTimeout(
                            null, LAST_WORDS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .thenAccept(
                            ignored ->
                                node.fatalErrors()
                                    .fatal("the last log directory has failed", cause)));
  }

  /** Its replicas have lost their rights by the registration, which does not name them. */
  private static void report(LogDirectories.Found dead, ReplicaRelinquisher relinquisher) {
    var unused =
        relinquisher.relinquish(
            Set.of(),
            true,
            dead.id().stream().map(id -> new UnfitDirectory(id, dead.problem())).toList(),
            dead.problem());
  }

  private static void countFailed(NodeContext node, ReplicationRuntime replication, int all) {
    Gauge.build("jangada_log_directories_failed", "Log directories that are not in use any more.")
        .register(node.metrics())
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return all - replication.logDirectories().size();
              }
            });
  }

  private static void endOnDefect(NodeContext node, ReplicationRuntime replication) {
    var unused =
        replication
            .defect()
            .thenAccept(
                cause -> node.fatalErrors().fatal("a defect in the partitions' threads", cause));
  }

  private static GrpcFrontDoor openFrontDoor(
      BrokerConfig config,
      @Nullable QuorumNode quorum,
      @Nullable ReplicationRuntime replication,
      FrontDoorServices services,
      WorkerPool workers) {
    GrpcFrontDoor.Builder builder =
        GrpcFrontDoor.at(
            new InetSocketAddress(config.listeners().bindHost(), config.listeners().grpcPort()),
            limits(config.listeners().grpc()));
    config
        .listeners()
        .external()
        .ifPresent(external -> builder.external(external.port(), services.metadata()));
    if (quorum != null) {
      quorum.services().forEach(service -> builder.internal(service.bindService()));
    }
    if (replication != null) {
      builder.internal(replication.service());
    }
    services.addTo(builder);
    return builder.open(workers);
  }

  private static GrpcLimits limits(BrokerConfig.GrpcBounds bounds) {
    return new GrpcLimits(
        bounds.maxMessageSize().toIntBytes(),
        bounds.maxStreams(),
        bounds.keepAliveTime(),
        bounds.keepAliveTimeout());
  }

  private static long register(
      StartupSteps steps,
      NodeContext node,
      MetadataClient metadata,
      ClusterFollower follower,
      ReplicationRuntime replication) {
    CompletableFuture<Long> registered =
        follower.register(
            Registration.of(
                node,
                replication.logDirectories().keySet(),
                LogVerdicts.of(replication.recovered())),
            node.runMark()::registered,
            reason -> node.fatalErrors().fatal("this broker may not go on", reason));
    node.readiness().add("registered", () -> whyNot(registered.isDone(), "not registered yet"));
    node.readiness().add("in service", () -> whyNot(!metadata.fenced(), "fenced by the quorum"));
    long brokerEpoch = steps.run("registration", () -> Awaiting.of(registered, steps));
    replication.recoveryReported();
    steps.onClose("leadership", () -> handOver(node.config().node().id(), metadata));
    return brokerEpoch;
  }

  private static void handOver(int brokerId, MetadataClient metadata) {
    try {
      int left = metadata.controlledShutdown(HAND_OVER_PATIENCE).join();
      if (left > 0) {
        log.warn(
            "Broker {} stops while it still leads {} partitions: no other in-sync replica could"
                + " take them over",
            brokerId,
            left);
      }
    } catch (CompletionException e) {
      // Nothing is unclean about that: the others elect leaders when they notice.
      log.warn(
          "Broker {} stops without handing over what it leads: {}",
          brokerId,
          String.valueOf(e.getCause()));
    }
  }

  private static Optional<String> whyNot(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }
}
