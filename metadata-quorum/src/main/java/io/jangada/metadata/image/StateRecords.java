// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An image as records: one for each entity. */
final class StateRecords {
  private StateRecords() {}

  static List<MetadataRecord> all(MetadataImage image) {
    List<MetadataRecord> records = new ArrayList<>();
    for (EntityKey.ClusterFact fact : EntityKey.ClusterFact.values()) {
      add(records, ofCluster(image.cluster(), fact));
    }
    for (Integer nodeId : image.quorumMembers().keySet()) {
      add(records, ofQuorumMember(image, nodeId));
    }
    for (BrokerRegistration broker : image.brokers().values()) {
      records.add(new MetadataRecord.BrokerRegistered(broker));
    }
    for (Integer brokerId : image.settings().brokers()) {
      add(records, ofSettings(image, brokerId));
    }
    for (TopicImage topic : image.topics().values()) {
      records.add(ofTopic(topic));
      topic
          .partitions()
          .forEach(
              (partition, state) ->
                  records.add(
                      new MetadataRecord.PartitionRegistered(topic.partitionId(partition), state)));
    }
    return records;
  }

  static @Nullable MetadataRecord of(MetadataImage image, EntityKey key) {
    return switch (key) {
      case EntityKey.OfCluster(EntityKey.ClusterFact fact) -> ofCluster(image.cluster(), fact);
      case EntityKey.OfQuorumMember(int nodeId) -> ofQuorumMember(image, nodeId);
      case EntityKey.OfBroker(int brokerId) -> {
        BrokerRegistration broker = image.broker(brokerId);
        yield broker == null ? null : new MetadataRecord.BrokerRegistered(broker);
      }
      case EntityKey.OfSettings(int brokerId) -> ofSettings(image, brokerId);
      case EntityKey.OfTopic(UUID topicId) -> {
        TopicImage topic = image.topic(topicId);
        yield topic == null ? null : ofTopic(topic);
      }
      case EntityKey.OfPartition(TopicIdPartition id) -> {
        PartitionRegistration partition = image.partition(id);
        yield partition == null ? null : new MetadataRecord.PartitionRegistered(id, partition);
      }
    };
  }

  private static @Nullable MetadataRecord ofCluster(
      ClusterImage cluster, EntityKey.ClusterFact fact) {
    return switch (fact) {
      case IDENTITY -> {
        UUID clusterId = cluster.clusterId();
        UUID historyId = cluster.historyId();
        yield clusterId == null || historyId == null
            ? null
            : new MetadataRecord.ClusterFormatted(clusterId, historyId);
      }
      case CONTROLLER ->
          cluster.controller().equals(ControllerImage.NONE)
              ? null
              : new MetadataRecord.ControllerClaimed(
                  cluster.controller().nodeId(), cluster.controller().epoch());
      case FEATURE_LEVEL ->
          cluster.featureLevel() == 0
              ? null
              : new MetadataRecord.FeatureLevelSet(cluster.featureLevel());
      case PRODUCER_IDS ->
          cluster.nextProducerId() == 0
              ? null
              : new MetadataRecord.ProducerIdsAllocated(cluster.nextProducerId());
    };
  }

  private static @Nullable MetadataRecord ofQuorumMember(MetadataImage image, int nodeId) {
    UUID directoryId = image.quorumMembers().get(nodeId);
    return directoryId == null
        ? null
        : new MetadataRecord.QuorumMemberRegistered(nodeId, directoryId);
  }

  private static @Nullable MetadataRecord ofSettings(MetadataImage image, int brokerId) {
    Map<String, String> settings = image.settings().of(brokerId);
    return settings.isEmpty() ? null : new MetadataRecord.SettingsConfigured(brokerId, settings);
  }

  private static MetadataRecord ofTopic(TopicImage topic) {
    return new MetadataRecord.TopicCreated(topic.name(), topic.id(), topic.configs());
  }

  private static void add(List<MetadataRecord> records, @Nullable MetadataRecord record) {
    if (record != null) {
      records.add(record);
    }
  }
}
