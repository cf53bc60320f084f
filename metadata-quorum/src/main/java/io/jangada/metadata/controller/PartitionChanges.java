// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.image.MetadataImage;
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
  }

  /** What is to become of one partition, apart from its epochs. */
  @FunctionalInterface
  interface Rule {
    PartitionRegistration apply(PartitionRegistration partition, int minInsyncReplicas);
  }

  private PartitionChanges() {}

  /** The partitions to which the rule makes a difference, with their next epochs. */
  static List<Change> by(MetadataImage image, Rule rule) {
    List<Change> changes = new ArrayList<>();
    for (TopicImage topic : image.topics().values()) {
      int minInsyncReplicas = topic.typedConfigs().minInsyncReplicas();
      topic
          .partitions()
          .forEach(
              (number, before) -> {
                PartitionRegistration after =
                    rule.apply(before, minInsyncReplicas).following(before);
                if (!after.equals(before)) {
                  changes.add(new Change(topic.partitionId(number), before, after));
                }
              });
    }
    return changes;
  }

  /** What brings the partitions of one image in line with the brokers of another: an item each. */
  static List<BatchItem> settling(MetadataImage image, MetadataImage brokers) {
    List<BatchItem> items = new ArrayList<>();
    for (Change change : by(image, new LeaderElector(brokers)::settled)) {
      items.add(new BatchItem(List.of(change.precondition()), List.of(change.record())));
    }
    return items;
  }
}
