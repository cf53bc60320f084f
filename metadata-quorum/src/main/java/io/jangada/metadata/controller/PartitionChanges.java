// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigs;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;

/** Which partitions have to change, and how, for the brokers to be what they are. */
final class PartitionChanges {
  /** A partition before and after; compare-and-set on its epoch. */
  record Change(TopicIdPartition id, PartitionRegistration before, PartitionRegistration after) {
    Precondition precondition() {
      return new Precondition.PartitionEpochIs(id, before.partitionEpoch());
    }

    MetadataRecord record() {
      return new MetadataRecord.PartitionRegistered(id, after);
    }

    BatchItem item() {
      return new BatchItem(List.of(precondition()), List.of(record()));
    }
  }

  /** What is to become of one partition, apart from its epochs. */
  @FunctionalInterface
  interface Rule {
    PartitionRegistration apply(
        TopicIdPartition id, PartitionRegistration partition, TopicConfigs configs);
  }

  private PartitionChanges() {}

  /** The partitions to which the rule makes a difference, with their next epochs. */
  static List<Change> by(MetadataImage image, Rule rule) {
    List<Change> changes = new ArrayList<>();
    for (TopicImage topic : image.topics().values()) {
      TopicConfigs configs = image.configs(topic);
      topic
          .partitions()
          .forEach(
              (number, before) -> {
                TopicIdPartition id = topic.partitionId(number);
                PartitionRegistration after = rule.apply(id, before, configs).following(before);
                if (!after.equals(before)) {
                  changes.add(new Change(id, before, after));
                }
              });
    }
    return changes;
  }

  /** What brings the partitions of one image in line with the brokers of another: an item each. */
  static List<BatchItem> settling(MetadataImage image, MetadataImage brokers) {
    LeaderElector elector = new LeaderElector(brokers);
    return items(by(image, (id, partition, configs) -> elector.settled(partition, configs)));
  }

  /** An item for each change. */
  static List<BatchItem> items(List<Change> changes) {
    return changes.stream().map(Change::item).toList();
  }
}
