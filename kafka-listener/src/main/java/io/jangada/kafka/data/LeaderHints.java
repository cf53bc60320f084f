// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.PartitionRef;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.kafka.api.Network;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who leads the partitions that a client has asked the wrong broker for, and where they are
 * (KIP-951). For one response; not thread-safe.
 */
final class LeaderHints {
  private final MetadataImage image;
  private final DescribedBrokers brokers;
  private final Map<Integer, DescribedBrokers.Described> named = new TreeMap<>();

  LeaderHints(ClusterMetadata metadata, Network network) {
    this.image = metadata.image();
    this.brokers = new DescribedBrokers(image, network);
  }

  /** The partition's leader and epoch; empty if it has none. */
  Optional<PartitionRegistration> leaderOf(PartitionRef ref) {
    PartitionRegistration partition;
    try {
      partition = image.partition(TopicLookup.partition(image, ref));
    } catch (JangadaException unknown) {
      return Optional.empty();
    }
    if (partition == null || !partition.hasLeader()) {
      return Optional.empty();
    }
    brokers
        .broker(partition.leader())
        .ifPresent(leader -> named.put(leader.broker().brokerId(), leader));
    return Optional.of(partition);
  }

  /** The leaders that were named, by ascending id, as the response writes brokers. */
  <T> List<T> endpoints(Endpoint<T> endpoint) {
    return named.entrySet().stream()
        .map(
            each ->
                endpoint.of(
                    each.getKey(),
                    each.getValue().address().host(),
                    each.getValue().address().port(),
                    each.getValue().rack()))
        .toList();
  }

  /** Makes what stands for a broker in one kind of response. */
  @FunctionalInterface
  interface Endpoint<T> {
    T of(int id, String host, int port, @Nullable String rack);
  }
}
