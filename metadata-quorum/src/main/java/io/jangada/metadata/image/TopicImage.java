// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.Map;
import java.util.UUID;
import org.pcollections.PSortedMap;

/**
 * A topic and its partitions. Immutable.
 *
 * @param name unique among living topics
 * @param id unique for ever
 * @param configs what was set, by key; {@link TopicConfigs} reads them
 * @param partitions by number
 */
public record TopicImage(
    String name,
    UUID id,
    Map<String, String> configs,
    PSortedMap<Integer, PartitionRegistration> partitions) {

  /** The identity of one of its partitions. */
  public TopicIdPartition partitionId(int partition) {
    return new TopicIdPartition(id, partition);
  }

  /** Its configuration, with the defaults. */
  public TopicConfigs typedConfigs() {
    return TopicConfigs.of(configs);
  }

  /** The most replicas that one of its partitions has. */
  public int replicationFactor() {
    return partitions.values().stream()
        .mapToInt(partition -> partition.replicas().size())
        .max()
        .orElse(0);
  }

  TopicImage withConfigs(Map<String, String> newConfigs) {
    return new TopicImage(name, id, newConfigs, partitions);
  }

  TopicImage withPartition(int partition, PartitionRegistration registration) {
    return new TopicImage(name, id, configs, partitions.plus(partition, registration));
  }
}
