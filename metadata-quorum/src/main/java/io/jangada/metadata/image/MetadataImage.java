// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * The metadata of the cluster at one index of its log. Immutable and therefore thread-safe; a
 * changed image shares what did not change with the one before. All iteration is in the order of
 * the keys, so that every node sees the same.
 */
public final class MetadataImage {
  /** Before the first entry. */
  public static final MetadataImage EMPTY =
      new MetadataImage(
          0,
          ClusterImage.EMPTY,
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          TreePMap.empty(),
          SettingsImage.NONE);

  private final long index;
  private final ClusterImage cluster;
  private final PSortedMap<Integer, UUID> quorumMembers;
  private final PSortedMap<Integer, BrokerRegistration> brokers;
  private final PSortedMap<UUID, TopicImage> topics;
  private final PSortedMap<String, UUID> topicIds;
  private final SettingsImage settings;

  private MetadataImage(
      long index,
      ClusterImage cluster,
      PSortedMap<Integer, UUID> quorumMembers,
      PSortedMap<Integer, BrokerRegistration> brokers,
      PSortedMap<UUID, TopicImage> topics,
      PSortedMap<String, UUID> topicIds,
      SettingsImage settings) {
    this.index = index;
    this.cluster = cluster;
    this.quorumMembers = quorumMembers;
    this.brokers = brokers;
    this.topics = topics;
    this.topicIds = topicIds;
    this.settings = settings;
  }

  /**
   * The image that {@link #toRecords} wrote, or that the values of all {@link #stateRecord}s make.
   * The record of a topic comes before those of its partitions; the order is free otherwise.
   */
  public static MetadataImage ofRecords(long index, Iterable<MetadataRecord> records) {
    MetadataImage image = EMPTY;
    for (MetadataRecord record : records) {
      image = image.with(record);
    }
    return image.withIndex(index);
  }

  /** The index of the last entry that it reflects; 0 before the first. */
  public long index() {
    return index;
  }

  /** What there is one of. */
  public ClusterImage cluster() {
    return cluster;
  }

  /** The epoch of the present controller; 0 before the first. */
  public long controllerEpoch() {
    return cluster.controller().epoch();
  }

  /** The directory of each registered voter, by node id. */
  public PSortedMap<Integer, UUID> quorumMembers() {
    return quorumMembers;
  }

  /** All registered brokers, in service or not, by id. */
  public PSortedMap<Integer, BrokerRegistration> brokers() {
    return brokers;
  }

  /** The broker, or null if it was never registered. */
  public @Nullable BrokerRegistration broker(int brokerId) {
    return brokers.get(brokerId);
  }

  /** Whether the broker may be elected and may join an ISR. */
  public boolean inService(int brokerId) {
    BrokerRegistration registration = broker(brokerId);
    return registration != null && registration.inService();
  }

  /** All topics, by id. */
  public PSortedMap<UUID, TopicImage> topics() {
    return topics;
  }

  /** The ids of all topics, by name. */
  public PSortedMap<String, UUID> topicIds() {
    return topicIds;
  }

  /** What is set for the cluster and for brokers. */
  public SettingsImage settings() {
    return settings;
  }

  /** A topic's configuration in force: its own, the cluster's for what it leaves open. */
  public TopicConfigs configs(TopicImage topic) {
    return TopicConfigs.of(settings.under(topic.configs()));
  }

  /** The topic, or null if there is none with that id. */
  public @Nullable TopicImage topic(UUID topicId) {
    return topics.get(topicId);
  }

  /** The topic, or null if there is none with that name now. */
  public @Nullable TopicImage topic(String name) {
    UUID id = topicIds.get(name);
    return id == null ? null : topics.get(id);
  }

  /** The partition, or null if there is none. */
  public @Nullable PartitionRegistration partition(TopicIdPartition id) {
    TopicImage topic = topics.get(id.topicId());
    return topic == null ? null : topic.partitions().get(id.partition());
  }

  /** Visits every partition, in order. */
  public void forEachPartition(BiConsumer<TopicIdPartition, PartitionRegistration> visitor) {
    for (TopicImage topic : topics.values()) {
      topic
          .partitions()
          .forEach((partition, state) -> visitor.accept(topic.partitionId(partition), state));
    }
  }

  /** The partitions of which the broker holds a replica, in order. Looks at all partitions. */
  public List<TopicIdPartition> partitionsOf(int brokerId) {
    List<TopicIdPartition> held = new ArrayList<>();
    forEachPartition(
        (id, partition) -> {
          if (partition.replicas().contains(brokerId)) {
            held.add(id);
          }
        });
    return held;
  }

  /**
   * The next image, by the accepted records of one entry. The one way in which an image changes: in
   * the state machine after arbitration, and on every broker.
   *
   * @param entryIndex above {@link #index}
   * @param records as {@link MetadataDelta#records} has them
   */
  public MetadataImage apply(long entryIndex, List<MetadataRecord> records) {
    MetadataImage image = this;
    for (MetadataRecord record : records) {
      image = image.with(record);
    }
    return image.withIndex(entryIndex);
  }

  /** The same metadata at a later index: entries that changed nothing. */
  public MetadataImage withIndex(long newIndex) {
    return new MetadataImage(newIndex, cluster, quorumMembers, brokers, topics, topicIds, settings);
  }

  /** The least records that make this image: {@link #ofRecords} reads them. */
  public List<MetadataRecord> toRecords() {
    return StateRecords.all(this);
  }

  /**
   * The record that states the whole of one entity.
   *
   * @return null if there is no such entity (any more)
   */
  public @Nullable MetadataRecord stateRecord(EntityKey key) {
    return StateRecords.of(this, key);
  }

  /**
   * The metadata after one record; a record about something that does not exist changes nothing.
   */
  public MetadataImage with(MetadataRecord record) {
    return switch (record) {
      case MetadataRecord.ClusterFormatted formatted ->
          withCluster(cluster.formatted(formatted.clusterId(), formatted.historyId()));
      case MetadataRecord.ControllerClaimed claimed ->
          withCluster(
              cluster.withController(
                  new ControllerImage(claimed.nodeId(), claimed.controllerEpoch())));
      case MetadataRecord.FeatureLevelSet set -> withCluster(cluster.withFeatureLevel(set.level()));
      case MetadataRecord.ProducerIdsAllocated allocated ->
          withCluster(cluster.withNextProducerId(allocated.nextProducerId()));
      case MetadataRecord.QuorumMemberRegistered member ->
          new MetadataImage(
              index,
              cluster,
              quorumMembers.plus(member.nodeId(), member.directoryId()),
              brokers,
              topics,
              topicIds,
              settings);
      case MetadataRecord.BrokerRegistered registered -> withBroker(registered.registration());
      case MetadataRecord.BrokerStatusChanged changed -> {
        BrokerRegistration broker = brokers.get(changed.brokerId());
        yield broker == null ? this : withBroker(broker.withStatus(changed.status()));
      }
      case MetadataRecord.BrokerRemoved removed ->
          new MetadataImage(
              index,
              cluster,
              quorumMembers,
              brokers.minus(removed.brokerId()),
              topics,
              topicIds,
              settings.with(removed.brokerId(), Map.of()));
      case MetadataRecord.TopicCreated created ->
          withTopic(
              new TopicImage(
                  created.name(), created.topicId(), created.configs(), TreePMap.empty()),
              topicIds.plus(created.name(), created.topicId()));
      case MetadataRecord.TopicConfigured configured -> {
        TopicImage topic = topics.get(configured.topicId());
        yield topic == null ? this : withTopic(topic.withConfigs(configured.configs()), topicIds);
      }
      case MetadataRecord.DirectoryUnfit unfit -> {
        BrokerRegistration broker = brokers.get(unfit.brokerId());
        yield broker == null ? this : withBroker(broker.withUnfit(unfit.directory()));
      }
      case MetadataRecord.SettingsConfigured configured ->
          new MetadataImage(
              index,
              cluster,
              quorumMembers,
              brokers,
              topics,
              topicIds,
              settings.with(configured.brokerId(), configured.settings()));
      case MetadataRecord.TopicDeleted deleted -> withoutTopic(deleted.topicId());
      case MetadataRecord.PartitionRegistered registered -> {
        TopicImage topic = topics.get(registered.partition().topicId());
        yield topic == null
            ? this
            : withTopic(
                topic.withPartition(registered.partition().partition(), registered.registration()),
                topicIds);
      }
    };
  }

  private MetadataImage withCluster(ClusterImage newCluster) {
    return new MetadataImage(index, newCluster, quorumMembers, brokers, topics, topicIds, settings);
  }

  private MetadataImage withBroker(BrokerRegistration broker) {
    return new MetadataImage(
        index,
        cluster,
        quorumMembers,
        brokers.plus(broker.brokerId(), broker),
        topics,
        topicIds,
        settings);
  }

  private MetadataImage withTopic(TopicImage topic, PSortedMap<String, UUID> newTopicIds) {
    return new MetadataImage(
        index,
        cluster,
        quorumMembers,
        brokers,
        topics.plus(topic.id(), topic),
        newTopicIds,
        settings);
  }

  private MetadataImage withoutTopic(UUID topicId) {
    TopicImage topic = topics.get(topicId);
    return topic == null
        ? this
        : new MetadataImage(
            index,
            cluster,
            quorumMembers,
            brokers,
            topics.minus(topicId),
            topicIds.minus(topic.name()),
            settings);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MetadataImage image
        && index == image.index
        && cluster.equals(image.cluster)
        && quorumMembers.equals(image.quorumMembers)
        && brokers.equals(image.brokers)
        && topics.equals(image.topics)
        && settings.equals(image.settings);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, cluster, brokers, topics);
  }

  @Override
  public String toString() {
    return "MetadataImage[index="
        + index
        + ", controllerEpoch="
        + controllerEpoch()
        + ", brokers="
        + brokers.size()
        + ", topics="
        + topics.size()
        + "]";
  }
}
