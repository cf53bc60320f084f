// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.metadata.command.MetadataRecord;
import java.util.UUID;
import java.util.stream.Stream;

/** What a record changes. */
final class ChangedEntities {
  private ChangedEntities() {}

  static Stream<EntityKey> of(MetadataRecord record, MetadataImage before) {
    return switch (record) {
      case MetadataRecord.ClusterFormatted ignored -> cluster(EntityKey.ClusterFact.IDENTITY);
      case MetadataRecord.ControllerClaimed ignored -> cluster(EntityKey.ClusterFact.CONTROLLER);
      case MetadataRecord.FeatureLevelSet ignored -> cluster(EntityKey.ClusterFact.FEATURE_LEVEL);
      case MetadataRecord.ProducerIdsAllocated ignored ->
          cluster(EntityKey.ClusterFact.PRODUCER_IDS);
      case MetadataRecord.QuorumMemberRegistered member ->
          Stream.of(new EntityKey.OfQuorumMember(member.nodeId()));
      case MetadataRecord.BrokerRegistered registered ->
          Stream.of(new EntityKey.OfBroker(registered.registration().brokerId()));
      case MetadataRecord.BrokerStatusChanged changed ->
          Stream.of(new EntityKey.OfBroker(changed.brokerId()));
      case MetadataRecord.BrokerRemoved removed ->
          Stream.of(
              new EntityKey.OfBroker(removed.brokerId()),
              new EntityKey.OfSettings(removed.brokerId()));
      case MetadataRecord.DirectoryUnfit unfit ->
          Stream.of(new EntityKey.OfBroker(unfit.brokerId()));
      case MetadataRecord.TopicCreated created ->
          Stream.of(new EntityKey.OfTopic(created.topicId()));
      case MetadataRecord.TopicConfigured configured ->
          Stream.of(new EntityKey.OfTopic(configured.topicId()));
      case MetadataRecord.SettingsConfigured configured ->
          Stream.of(new EntityKey.OfSettings(configured.brokerId()));
      case MetadataRecord.PartitionRegistered registered ->
          Stream.of(new EntityKey.OfPartition(registered.partition()));
      case MetadataRecord.TopicDeleted deleted -> topic(deleted.topicId(), before);
    };
  }

  private static Stream<EntityKey> cluster(EntityKey.ClusterFact fact) {
    return Stream.of(new EntityKey.OfCluster(fact));
  }

  /** A deleted topic takes its partitions with it. */
  private static Stream<EntityKey> topic(UUID topicId, MetadataImage before) {
    TopicImage topic = before.topic(topicId);
    Stream<EntityKey> itself = Stream.of(new EntityKey.OfTopic(topicId));
    return topic == null
        ? itself
        : Stream.concat(
            itself,
            topic.partitions().keySet().stream()
                .map(partition -> new EntityKey.OfPartition(topic.partitionId(partition))));
  }
}
