// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.MetadataVisibility;
import io.jangada.internal.v1.AwaitMetadataRequest;
import io.jangada.internal.v1.AwaitMetadataResponse;
import io.jangada.internal.v1.PeerServiceGrpc;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the other brokers in service how far they are. Thread-safe. */
final class PeerVisibility implements MetadataVisibility {
  private static final Logger log = LoggerFactory.getLogger(PeerVisibility.class);

  /** Deltas arrive within milliseconds; whoever takes longer is stuck and will be fenced. */
  static final Duration TIMEOUT = Duration.ofMillis(500);

  private final int brokerId;
  private final ClusterMetadata metadata;
  private final PeerChannels channels;
  private final Duration timeout;
  private final Counter missed;

  PeerVisibility(
      int brokerId,
      ClusterMetadata metadata,
      PeerChannels channels,
      Duration timeout,
      CollectorRegistry registry) {
    this.timeout = timeout;
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.channels = channels;
    this.missed =
        Counter.build(
                "jangada_metadata_visibility_missed_total",
                "Brokers that did not say in time that they know of a change made here.")
            .register(registry);
  }

  @Override
  public CompletableFuture<Void> everywhere(long index) {
    MetadataImage image = metadata.image();
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    for (BrokerRegistration broker : image.brokers().values()) {
      if (broker.brokerId() != brokerId && broker.inService()) {
        asked.add(ask(image, broker, index));
      }
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> ask(MetadataImage image, BrokerRegistration broker, long index) {
    CompletableFuture<AwaitMetadataResponse> response = new CompletableFuture<>();
    PeerServiceGrpc.newStub(channels.to(broker.profile().endpoints().grpc()))
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .awaitMetadata(
            AwaitMetadataRequest.newBuilder()
                .setClusterId(String.valueOf(image.cluster().clusterId()))
                .setIndex(index)
                .build(),
            new LeaderCalls.OnlyAnswer<>(response));
    return response.handle(
        (answer, failure) -> {
          if (failure != null) {
            missed.inc();
            log.debug(
                "Broker {} does not say that it knows index {}", broker.brokerId(), index, failure);
          }
          return null;
        });
  }
}
