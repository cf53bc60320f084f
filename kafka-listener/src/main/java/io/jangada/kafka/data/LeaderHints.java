// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.PartitionRef;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.kafka.api.Network;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

  /** The leaders that were named, by id. */
  Map<Integer, DescribedBrokers.Described> named() {
    return named;
  }
}
