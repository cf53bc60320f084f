// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.cluster.ClusterFollower;
import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.forward.Forwarder;
import io.jangada.broker.forward.ForwardingMetrics;
import io.jangada.broker.forward.GroupForwarder;
import io.jangada.broker.frontdoor.ClientServices;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.broker.groups.BrokerGroups;
import io.jangada.broker.grpc.AdminGrpcService;
import io.jangada.broker.grpc.ConfigCalls;
import io.jangada.broker.grpc.ConsumeGrpcService;
import io.jangada.broker.grpc.ConsumeLimits;
import io.jangada.broker.grpc.GroupCalls;
import io.jangada.broker.grpc.GroupGrpcService;
import io.jangada.broker.grpc.GrpcFrontDoor;
import io.jangada.broker.grpc.LocalGroups;
import io.jangada.broker.grpc.MetadataGrpcService;
import io.jangada.broker.grpc.PeerGrpcService;
import io.jangada.broker.grpc.ProduceGrpcService;
import io.jangada.broker.grpc.ProduceLimits;
import io.jangada.broker.grpc.QuorumCalls;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.MetadataVisibility;
import io.jangada.broker.service.PartitionService;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.broker.settings.RunningSettings;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.metadata.rpc.MetadataClient;
import io.jangada.replication.runtime.ReplicationRuntime;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The services that clients call; what concerns partitions only where the node holds some. */
final class FrontDoorServices implements AutoCloseable {
  private static final Duration PRODUCE_TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_ASSIGNMENTS_PER_STREAM = 10_000;
  private static final int MAX_CONSUME_RESPONSE_BYTES = 1024 * 1024;

  private final BrokerConfig config;
  private final MetadataClient metadata;
  private final ClusterFollower follower;
  private final @Nullable PartitionService partitions;
  private final WorkerPool workers;
  private final Supplier<RunningSettings> settings;
  private final Forwarder forwarder;
  private final GroupForwarder groupForwarder;
  private final TopicAdmin topics;
  private final SettingsAdmin settingsAdmin;
  private final SettingsDescriber describer;
  private final @Nullable BrokerGroups groups;

  FrontDoorServices(
      BrokerConfig config,
      MetadataClient metadata,
      ClusterFollower follower,
      @Nullable ReplicationRuntime replication,
      WorkerPool workers,
      Supplier<RunningSettings> settings,
      CollectorRegistry metrics) {
    this.config = config;
    this.metadata = metadata;
    this.follower = follower;
    this.partitions =
        replication == null
            ? null
            : new PartitionService(
                config.node().id(),
                follower.metadata(),
                replication.registry(),
                () -> settings.get().maxBatchSize().toIntBytes());
    this.workers = workers;
    this.settings = settings;
    MetadataVisibility visibility = follower.visibility(metrics);
    this.topics = new TopicAdmin(metadata::submit, follower.metadata(), visibility);
    this.settingsAdmin = new SettingsAdmin(metadata::submit, follower.metadata(), visibility);
    this.describer = new SettingsDescriber(config);
    this.groups =
        replication == null
            ? null
            : new BrokerGroups(
                config,
                follower.metadata(),
                replication.registry(),
                topics,
                follower.leaderOffsets(),
                metrics);
    ForwardingMetrics forwarding = new ForwardingMetrics(metrics);
    this.forwarder = new Forwarder(follower.peers(), forwarding);
    this.groupForwarder = new GroupForwarder(follower.peers(), forwarding);
  }

  /** What this node knows of the cluster. */
  ClusterMetadata metadata() {
    return follower.metadata();
  }

  /** The front doors besides gRPC; they have nothing to offer where no partitions are. */
  FrontDoors others(CollectorRegistry metrics) {
    return partitions == null || groups == null
        ? FrontDoors.none()
        : FrontDoors.create(
            new FrontDoorContext(
                config, clientServices(partitions, groups), settings, metrics, workers));
  }

  private ClientServices clientServices(PartitionService here, BrokerGroups hereGroups) {
    return new ClientServices(
        config.node().id(),
        follower.metadata(),
        new ClientServices.Partitions(here, here, here, follower.producerIds(), here),
        new ClientServices.Admin(
            topics,
            settingsAdmin,
            describer,
            follower.recordDeletion(),
            follower.leaderOffsets(),
            metadata::describeQuorum),
        new ClientServices.Groups(hereGroups.directory(), hereGroups.kafka()));
  }

  void addTo(GrpcFrontDoor.Builder frontDoor) {
    frontDoor
        .internal(new PeerGrpcService(follower.metadata()).bindService())
        .pooled(new MetadataGrpcService(follower.metadata(), workers))
        .pooled(
            new AdminGrpcService(
                follower.metadata(),
                topics,
                new QuorumCalls(metadata::describeQuorum, metadata::alterQuorum),
                follower.leaderOffsets(),
                follower.recordDeletion(),
                new ConfigCalls(
                    follower.metadata(), settingsAdmin, describer, follower.peerConfigs()),
                groupCalls()));
    if (partitions != null) {
      frontDoor
          .direct(
              new ProduceGrpcService(
                  partitions, follower.producerIds(), forwarder, this::produceLimits))
          .direct(
              new ConsumeGrpcService(
                  partitions,
                  partitions,
                  forwarder,
                  new ConsumeLimits(MAX_ASSIGNMENTS_PER_STREAM, MAX_CONSUME_RESPONSE_BYTES),
                  workers));
    }
    if (groups != null) {
      GroupGrpcService members =
          new GroupGrpcService(follower.metadata(), groups.members(), groupForwarder);
      frontDoor.direct(members::definition);
    }
  }

  private GroupCalls groupCalls() {
    int brokerId = config.node().id();
    ClusterMetadata known = follower.metadata();
    return new GroupCalls(
        brokerId,
        known,
        groups == null ? BrokerGroups.directory(config, known, topics) : groups.directory(),
        groups == null ? null : new LocalGroups(brokerId, known, groups.admin(), groups.reports()),
        follower.peers());
  }

  private ProduceLimits produceLimits() {
    return new ProduceLimits(
        settings.get().producesInFlight().bytes(),
        settings.get().maxBatchSize().toIntBytes(),
        PRODUCE_TIMEOUT);
  }

  @Override
  public void close() {
    if (groups != null) {
      groups.close();
    }
    follower.close();
  }
}
