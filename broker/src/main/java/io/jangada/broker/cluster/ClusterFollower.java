// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.api.v1.DescribeConfigsRequest;
import io.jangada.api.v1.DescribeConfigsResponse;
import io.jangada.broker.forward.Peers;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.MetadataVisibility;
import io.jangada.broker.service.ProducerIdService;
import io.jangada.broker.service.RecordDeletion;
import io.jangada.broker.service.ReplicaOffsets;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.rpc.BrokerIdentity;
import io.jangada.metadata.rpc.MetadataClient;
import io.jangada.metadata.rpc.MetadataListener;
import io.jangada.metadata.rpc.RegistrationListener;
import io.jangada.replication.runtime.BrokerDirectory;
import io.jangada.replication.runtime.IsrProposals;
import io.jangada.replication.runtime.ReplicationRuntime;
import io.prometheus.client.CollectorRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This broker as a member of the cluster: follows the metadata, registers, and gives the services
 * of the node what they need of both. Thread-safe after {@link #follow}.
 */
public final class ClusterFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterFollower.class);

  private final int brokerId;
  private final MetadataClient client;
  private final Consumer<Throwable> onDefect;
  private final LiveMetadata metadata = new LiveMetadata();
  private final PeerChannels channels = new PeerChannels();
  private final IsrProposals isrProposals;
  private final ProducerIdService producerIds;
  private final ReplicaOffsets leaderOffsets;
  private final RecordDeletion recordDeletion;
  private volatile @Nullable ReplicaAssignments assignments;
  private volatile @Nullable ReplicationRuntime replicas;

  /**
   * Follows through the client, which has not been started.
   *
   * @param onDefect called if a change could not be carried out: replicas would no longer be what
   *     the metadata says, so the process must end
   */
  public ClusterFollower(int brokerId, MetadataClient client, Consumer<Throwable> onDefect) {
    this.brokerId = brokerId;
    this.client = client;
    this.onDefect = onDefect;
    this.isrProposals = new QuorumIsrProposals(brokerId, client::brokerEpoch, client::submit);
    this.producerIds = new ProducerIdBlocks(brokerId, client::brokerEpoch, client::submit);
    this.leaderOffsets = new LeaderOffsets(metadata, channels);
    this.recordDeletion = new LeaderRecordDeletion(metadata, channels);
  }

  /** What this broker knows of the cluster. */
  public ClusterMetadata metadata() {
    return metadata;
  }

  /** Ids for producers. */
  public ProducerIdService producerIds() {
    return producerIds;
  }

  /** What partition leaders know of their offsets. */
  public ReplicaOffsets leaderOffsets() {
    return leaderOffsets;
  }

  /** Has partitions' leaders delete records. */
  public RecordDeletion recordDeletion() {
    return recordDeletion;
  }

  /** Asks the broker at an address how it is configured. */
  public BiFunction<String, DescribeConfigsRequest, CompletableFuture<DescribeConfigsResponse>>
      peerConfigs() {
    return new PeerConfigs(channels);
  }

  /** Channels to other brokers, for what they are to do instead of this one. */
  public Peers peers() {
    return id -> brokerDirectory().grpcAddress(id).map(channels::to);
  }

  /** The way to the quorum for ISR changes. */
  public IsrProposals isrProposals() {
    return isrProposals;
  }

  /** Where other brokers listen. */
  public BrokerDirectory brokerDirectory() {
    return id -> {
      BrokerRegistration broker = metadata.image().broker(id);
      return broker == null ? Optional.empty() : Optional.of(broker.profile().endpoints().grpc());
    };
  }

  /**
   * Begins to follow the metadata.
   *
   * @param replication the replicas that are to become what it says; null if the node holds none
   * @param defaultSegmentBytes of logs of topics that do not say
   */
  public void follow(@Nullable ReplicationRuntime replication, int defaultSegmentBytes) {
    replicas = replication;
    if (replication != null) {
      assignments =
          new ReplicaAssignments(
              brokerId,
              new HostedPartitions(brokerId, defaultSegmentBytes),
              replication.registry(),
              replication.recovered().keySet());
    }
    client.addListener(new Listener());
    client.start();
  }

  /**
   * Registers this process and keeps its session.
   *
   * @param onRegistered told each broker epoch
   * @param onSuperseded told once if this process was registered and may not be the broker any more
   * @return completes with the first broker epoch; fails with a {@link JangadaException} if the
   *     registration is refused for good
   */
  public CompletableFuture<Long> register(
      BrokerIdentity identity, LongConsumer onRegistered, Consumer<JangadaException> onSuperseded) {
    return client.register(
        identity,
        new RegistrationListener() {
          @Override
          public void registered(long brokerEpoch) {
            log.info("Broker {} is registered in broker epoch {}", brokerId, brokerEpoch);
            onRegistered.accept(brokerEpoch);
            ReplicaAssignments replicas = assignments;
            if (replicas != null) {
              replicas.registered(brokerEpoch);
            }
          }

          @Override
          public long oldestSyncAgeMs() {
            ReplicationRuntime running = replicas;
            return running == null ? 0 : running.oldestSyncAgeMs();
          }

          @Override
          public void fenced(boolean fenced) {
            log.info("Broker {} is {}", brokerId, fenced ? "fenced" : "in service");
          }

          @Override
          public void superseded(JangadaException reason) {
            if (client.brokerEpoch() >= 0) {
              onSuperseded.accept(reason);
            }
          }
        });
  }

  /** Asks the other brokers whether they know of a change. */
  public MetadataVisibility visibility(CollectorRegistry registry) {
    return new PeerVisibility(brokerId, metadata, channels, PeerVisibility.TIMEOUT, registry);
  }

  @Override
  public void close() {
    channels.close();
  }

  private final class Listener implements MetadataListener {
    private final ChangeLog changes = new ChangeLog(brokerId);

    @Override
    public void onMetadata(MetadataDelta delta, MetadataImage image) {
      if (delta.before().index() > 0) {
        changes.lines(delta).forEach(log::info);
      }
      tellReplicas(replicas -> replicas.changed(delta));
      metadata.advance(delta);
    }

    @Override
    public void onAdvanced(long index) {
      tellReplicas(replicas -> replicas.advanced(index));
      metadata.advance(index);
    }

    private void tellReplicas(Consumer<ReplicaAssignments> what) {
      ReplicaAssignments replicas = assignments;
      if (replicas == null) {
        return;
      }
      try {
        what.accept(replicas);
      } catch (RuntimeException e) {
        onDefect.accept(e);
      }
    }
  }
}
