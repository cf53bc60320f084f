// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigKey;
import io.jangada.metadata.image.TopicConfigs;
import io.jangada.metadata.image.TopicImage;
import io.jangada.replication.compaction.CompactionSettings;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.PartitionAssignment;
import io.jangada.replication.log.Durability;
import io.jangada.replication.runtime.Cleanup;
import io.jangada.replication.runtime.HostedAssignment;
import io.jangada.replication.runtime.MetadataUpdate;
import io.jangada.replication.runtime.TimestampRules;
import io.jangada.replication.runtime.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the metadata means for the replicas of one broker. Pure: images in, update out.
 */
final class HostedPartitions {
  private final int brokerId;
  private final int defaultSegmentBytes;

  /**
   * For that broker.
   *
   * @param defaultSegmentBytes where a topic does not say
   */
  HostedPartitions(int brokerId, int defaultSegmentBytes) {
    this.brokerId = brokerId;
    this.defaultSegmentBytes = defaultSegmentBytes;
  }

  /** All that the image says about this broker's replicas. */
  MetadataUpdate all(MetadataImage image, long brokerEpoch) {
    List<HostedAssignment> assigned = new ArrayList<>();
    for (TopicIdPartition partition : image.partitionsOf(brokerId)) {
      assigned.add(assignment(image, partition));
    }
    return new MetadataUpdate(image.index(), brokerEpoch, assigned, List.of());
  }

  /** What changed for this broker's replicas. */
  MetadataUpdate changes(MetadataDelta delta, long brokerEpoch) {
    List<HostedAssignment> assigned = new ArrayList<>();
    List<TopicIdPartition> removed = new ArrayList<>();
    for (TopicIdPartition partition : concerned(delta)) {
      if (isHosted(delta.after().partition(partition))) {
        assigned.add(assignment(delta.after(), partition));
      } else if (isHosted(delta.before().partition(partition))) {
        removed.add(partition);
      }
    }
    return new MetadataUpdate(delta.after().index(), brokerEpoch, assigned, removed);
  }

  /**
   * Replicas on disk that the metadata does not assign to this broker. Only an image that knows
   * this process's registration may say so: an older one may not know partitions created since.
   */
  List<TopicIdPartition> unassigned(MetadataImage image, Set<TopicIdPartition> onDisk) {
    return onDisk.stream()
        .filter(partition -> !isHosted(image.partition(partition)))
        .sorted()
        .toList();
  }

  private SortedSet<TopicIdPartition> concerned(MetadataDelta delta) {
    SortedSet<TopicIdPartition> concerned = new TreeSet<>(delta.changedPartitions());
    for (UUID topicId : delta.changedTopics()) {
      addAll(delta.before().topic(topicId), concerned);
      addAll(delta.after().topic(topicId), concerned);
    }
    if (delta.changedSettings().contains(SettingsChange.CLUSTER)) {
      // Its defaults for topics may concern any of them.
      concerned.addAll(delta.after().partitionsOf(brokerId));
    }
    Set<Integer> brokers = delta.changedBrokers();
    if (!brokers.isEmpty()) {
      delta
          .after()
          .forEachPartition(
              (id, partition) -> {
                if (isHosted(partition)
                    && partition.replicas().stream().anyMatch(brokers::contains)) {
                  concerned.add(id);
                }
              });
    }
    return concerned;
  }

  private static void addAll(@Nullable TopicImage topic, Set<TopicIdPartition> partitions) {
    if (topic != null) {
      topic.partitions().keySet().forEach(each -> partitions.add(topic.partitionId(each)));
    }
  }

  private boolean isHosted(@Nullable PartitionRegistration partition) {
    return partition != null && partition.replicas().contains(brokerId);
  }

  private HostedAssignment assignment(MetadataImage image, TopicIdPartition id) {
    TopicImage topic = image.topic(id.topicId());
    PartitionRegistration partition = image.partition(id);
    if (topic == null || partition == null) {
      throw new IllegalArgumentException("no partition " + id + " at index " + image.index());
    }
    TopicConfigs configs = image.configs(topic);
    return new HostedAssignment(
        id,
        topic.name(),
        settings(image, topic, configs),
        new PartitionAssignment(
            image.index(),
            partition.leader(),
            partition.leaderEpoch(),
            partition.partitionEpoch(),
            partition.isr(),
            configs.minInsyncReplicas(),
            partition.replicas().stream().map(broker -> view(image, broker)).toList()));
  }

  private TopicSettings settings(MetadataImage image, TopicImage topic, TopicConfigs configs) {
    String segmentBytes = TopicConfigKey.SEGMENT_BYTES.key();
    return new TopicSettings(
        configs.maxMessageBytes(),
        topic.configs().containsKey(segmentBytes)
                || image.settings().cluster().containsKey(segmentBytes)
            ? configs.segmentBytes()
            : defaultSegmentBytes,
        configs.segmentMs(),
        configs.retentionMs(),
        configs.retentionBytes(),
        configs.memoryDurable() ? Durability.MEMORY : Durability.FSYNC,
        new TimestampRules(
            configs.timestamps().appendTime(),
            configs.timestamps().beforeMaxMs(),
            configs.timestamps().afterMaxMs()),
        cleanup(configs.cleanup()));
  }

  private static Cleanup cleanup(TopicConfigs.Cleanup configs) {
    return new Cleanup(
        configs.delete(),
        configs.compact(),
        new CompactionSettings(
            configs.minDirtyRatio(),
            configs.minCompactionLagMs(),
            configs.maxCompactionLagMs(),
            configs.deleteRetentionMs()));
  }

  private static BrokerView view(MetadataImage image, int brokerId) {
    BrokerRegistration broker = image.broker(brokerId);
    return broker == null
        ? new BrokerView(brokerId, BrokerView.NOT_REGISTERED, false)
        : new BrokerView(brokerId, broker.brokerEpoch(), broker.inService());
  }
}
