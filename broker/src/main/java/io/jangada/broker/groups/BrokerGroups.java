// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.GroupDirectory;
import io.jangada.broker.service.GroupReports;
import io.jangada.broker.service.ReplicaOffsets;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.groups.CoordinatorMembers;
import io.jangada.groups.GroupAdmin;
import io.jangada.groups.GroupCoordination;
import io.jangada.groups.GroupService;
import io.jangada.groups.GroupSettings;
import io.jangada.groups.KafkaGroups;
import io.jangada.replication.runtime.PartitionRegistry;
import io.prometheus.client.CollectorRegistry;

/** The consumer groups of one broker. Thread-safe. */
public final class BrokerGroups implements AutoCloseable {
  private final OffsetsTopic topic;
  private final GroupCoordination coordination;
  private final GroupWatch watch;
  private final GroupService members;
  private final GroupsFollower follower;

  /** Begins to follow the metadata; coordinates as soon as there is an offsets topic. */
  public BrokerGroups(
      BrokerConfig config,
      ClusterMetadata metadata,
      PartitionRegistry registry,
      TopicAdmin topics,
      ReplicaOffsets ends,
      CollectorRegistry metrics) {
    int brokerId = config.node().id();
    this.topic = new OffsetsTopic(metadata, topics, config.groups());
    this.coordination =
        new GroupCoordination(
            brokerId, settings(config.groups()), new OffsetsPartitions(metadata, registry));
    coordination.register(metrics);
    this.watch = new GroupWatch(coordination.admin(), metadata, ends, System::currentTimeMillis);
    this.members =
        new CoordinatedGroups(brokerId, metadata, topic, new CoordinatorMembers(coordination));
    this.follower = new GroupsFollower(brokerId, metadata, coordination, topic);
  }

  private static GroupSettings settings(BrokerConfig.Groups config) {
    return new GroupSettings(
        config.threads(),
        new GroupSettings.Classic(
            config.initialRebalanceDelay(), config.minSessionTimeout(), config.maxSessionTimeout()),
        new GroupSettings.Consumer(
            config.consumerSessionTimeout(), config.consumerHeartbeatInterval()),
        config.maxSize(),
        config.offsetsRetention(),
        config.offsetsRetentionCheckInterval());
  }

  /** Who coordinates which group, for a node that coordinates none. */
  public static GroupDirectory directory(
      BrokerConfig config, ClusterMetadata metadata, TopicAdmin topics) {
    return new OffsetsTopic(metadata, topics, config.groups());
  }

  /** Who coordinates which group. */
  public GroupDirectory directory() {
    return topic;
  }

  /**
   * The cluster's groups, in words of no protocol; of those coordinated elsewhere it says where.
   */
  public GroupService members() {
    return members;
  }

  /** The groups that are coordinated here. */
  public KafkaGroups kafka() {
    return coordination;
  }

  /** The same groups, for those who look after them. */
  public GroupAdmin admin() {
    return coordination.admin();
  }

  /** How the groups get on that are coordinated here. */
  public GroupReports reports() {
    return watch;
  }

  @Override
  public void close() {
    watch.close();
    follower.close();
  }
}
