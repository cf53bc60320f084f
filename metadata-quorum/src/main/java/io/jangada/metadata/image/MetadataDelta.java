// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.MetadataRecord;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What led from one image to the next. Immutable.
 *
 * @param before the image it applies to
 * @param after the image it leads to
 * @param records the accepted records, in order, with the epochs that their entry gave them
 */
public record MetadataDelta(
    MetadataImage before, MetadataImage after, List<MetadataRecord> records) {
  /** Copies the records. */
  public MetadataDelta {
    records = List.copyOf(records);
  }

  /**
   * Applies the accepted records of one entry to an image: what a broker does with what it is sent.
   *
   * @param index the entry's, above the image's
   */
  public static MetadataDelta of(MetadataImage before, long index, List<MetadataRecord> records) {
    return new MetadataDelta(before, before.apply(index, records), records);
  }

  /** Whether nothing changed but the index. */
  public boolean isEmpty() {
    return records.isEmpty();
  }

  /** The brokers that were registered, changed their status or were removed. */
  public SortedSet<Integer> changedBrokers() {
    SortedSet<Integer> changed = new TreeSet<>();
    for (EntityKey key : changedEntities()) {
      if (key instanceof EntityKey.OfBroker(int brokerId)) {
        changed.add(brokerId);
      }
    }
    return changed;
  }

  /** The topics that were created or deleted. */
  public SortedSet<UUID> changedTopics() {
    SortedSet<UUID> changed = new TreeSet<>();
    for (EntityKey key : changedEntities()) {
      if (key instanceof EntityKey.OfTopic(UUID topicId)) {
        changed.add(topicId);
      }
    }
    return changed;
  }

  /** Whose settings changed: ids of brokers, {@code CLUSTER} among them. */
  public SortedSet<Integer> changedSettings() {
    SortedSet<Integer> changed = new TreeSet<>();
    for (EntityKey key : changedEntities()) {
      if (key instanceof EntityKey.OfSettings(int brokerId)) {
        changed.add(brokerId);
      }
    }
    return changed;
  }

  /** The partitions that were created, changed or deleted with their topic. */
  public SortedSet<TopicIdPartition> changedPartitions() {
    SortedSet<TopicIdPartition> changed = new TreeSet<>();
    for (EntityKey key : changedEntities()) {
      if (key instanceof EntityKey.OfPartition(TopicIdPartition partition)) {
        changed.add(partition);
      }
    }
    return changed;
  }

  /**
   * Everything that changed, each once. The new state of each is {@link MetadataImage#stateRecord}
   * of {@link #after}.
   */
  public List<EntityKey> changedEntities() {
    return records.stream()
        .flatMap(record -> ChangedEntities.of(record, before))
        .distinct()
        .toList();
  }
}
