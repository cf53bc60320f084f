// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.jangada.broker.grpc.PeerGrpcService;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.prometheus.client.CollectorRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A change is told once all brokers in service know of it, or have had their moment. */
@Timeout(30)
class PeerVisibilityTest {
  private final PeerChannels channels = new PeerChannels();
  private final LiveMetadata here = new LiveMetadata();
  private final LiveMetadata there = new LiveMetadata();
  private CollectorRegistry registry = new CollectorRegistry();
  private Server server = NettyServerBuilder.forPort(0).build();

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new PeerGrpcService(there))
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    channels.close();
    server.shutdownNow();
  }

  /** Brokers 1 and 2, and the third in that state. */
  private void cluster(BrokerStatus third) {
    String address = "127.0.0.1:" + server.getPort();
    MetadataImage image =
        MetadataImage.EMPTY
            .with(new MetadataRecord.ClusterFormatted(new UUID(1, 1), new UUID(1, 2)))
            .with(broker(1, "127.0.0.1:1", BrokerStatus.ACTIVE))
            .with(broker(2, address, BrokerStatus.ACTIVE))
            .with(broker(3, "127.0.0.1:1", third))
            .withIndex(10);
    MetadataDelta delta = new MetadataDelta(MetadataImage.EMPTY, image, image.toRecords());
    here.advance(delta);
    there.advance(delta);
  }

  private static MetadataRecord broker(int id, String address, BrokerStatus status) {
    return new MetadataRecord.BrokerRegistered(
        new BrokerRegistration(
            id,
            1,
            new UUID(0, id),
            status,
            new BrokerProfile(
                new Endpoints(address, "", ""),
                "",
                List.of(NodeRole.BROKER),
                FeatureRange.SUPPORTED),
            new Provenance(List.of(), new UUID(0, 0), Provenance.UNCLEAN)));
  }

  private PeerVisibility waitingFor(Duration timeout) {
    registry = new CollectorRegistry();
    return new PeerVisibility(1, here, channels, timeout, registry);
  }

  private double missed() {
    return registry.getSampleValue("jangada_metadata_visibility_missed_total");
  }

  @Test
  void itWaitsForTheOthersInService() throws Exception {
    cluster(BrokerStatus.FENCED);
    PeerVisibility visibility = waitingFor(Duration.ofSeconds(20));
    visibility.everywhere(10).get(10, TimeUnit.SECONDS);
    assertThat(missed()).isZero();
    CompletableFuture<Void> later = visibility.everywhere(11);
    there.advance(11);
    later.get(10, TimeUnit.SECONDS);
    assertThat(missed()).isZero();
  }

  @Test
  void whoDoesNotKnowInTimeHoldsUpNobodyForLong() throws Exception {
    cluster(BrokerStatus.ACTIVE);
    waitingFor(Duration.ofSeconds(20)).everywhere(10).get(20, TimeUnit.SECONDS);
    assertThat(missed()).as("broker 3 refuses connections").isEqualTo(1);
    waitingFor(Duration.ofMillis(50)).everywhere(12).get(20, TimeUnit.SECONDS);
    assertThat(missed()).as("broker 2 does not get there either").isEqualTo(2);
  }
}
