// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.PartitionRef;
import io.jangada.broker.service.TopicLookup;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;

/**
 * Finds a replica in a consumer's own failure domain (KIP-392). Only leaders send consumers away,
 * and only to replicas that are in sync. Thread-safe.
 */
final class NearestReplica {
  /** None is nearer than this one. */
  static final int NONE = -1;

  private static final short FIRST_WITH_RACKS = 11;

  private final int brokerId;
  private final ClusterMetadata metadata;

  NearestReplica(int brokerId, ClusterMetadata metadata) {
    this.brokerId = brokerId;
    this.metadata = metadata;
  }

  /** The broker to read from instead, or {@link #NONE}. */
  int nearerThanHere(PartitionRef ref, String rack, RequestContext context) {
    if (rack.isEmpty() || context.version() < FIRST_WITH_RACKS) {
      return NONE;
    }
    MetadataImage image = metadata.image();
    PartitionRegistration partition = image.partition(TopicLookup.partition(image, ref));
    if (partition == null || partition.leader() != brokerId || isIn(rack, image.broker(brokerId))) {
      return NONE;
    }
    List<Integer> near =
        partition.isr().stream()
            .filter(
                id -> {
                  BrokerRegistration broker = image.broker(id);
                  return isIn(rack, broker)
                      && image.inService(id)
                      && broker != null
                      && context.network().addressOf(broker).isPresent();
                })
            .toList();
    return near.isEmpty() ? NONE : near.get(ref.partition() % near.size());
  }

  private static boolean isIn(
      String rack, @org.jspecify.annotations.Nullable BrokerRegistration broker) {
    return broker != null && broker.profile().rack().equals(rack);
  }
}
