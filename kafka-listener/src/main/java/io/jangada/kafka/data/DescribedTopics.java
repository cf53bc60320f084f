// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.kafka.api.KafkaIds;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Topics of one image as Metadata responses of one version have them. Immutable. */
final class DescribedTopics {
  private static final short FIRST_WITH_ALL_REPLICAS = 1;
  private static final short FIRST_WITH_LISTENER_ERRORS = 6;

  private final DescribedBrokers brokers;
  private final short version;

  DescribedTopics(MetadataImage image, DescribedBrokers brokers, short version) {
    this.brokers = brokers;
    this.version = version;
  }

  MetadataResponseTopic topic(TopicImage topic) {
    List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions().size());
    topic.partitions().forEach((number, state) -> partitions.add(partition(number, state)));
    return new MetadataResponseTopic()
        .setName(topic.name())
        .setTopicId(KafkaIds.toKafka(topic.id()))
        .setIsInternal(Topic.isInternal(topic.name()))
        .setPartitions(partitions);
  }

  private MetadataResponsePartition partition(int number, PartitionRegistration state) {
    List<Integer> replicas = reachable(state.replicas());
    List<Integer> isr = reachable(state.isr());
    boolean led = state.hasLeader() && brokers.reachable(state.leader());
    return new MetadataResponsePartition()
        .setErrorCode(error(state, led, replicas, isr).code())
        .setPartitionIndex(number)
        .setLeaderId(led ? state.leader() : PartitionRegistration.NO_LEADER)
        .setLeaderEpoch(state.leaderEpoch())
        .setReplicaNodes(replicas)
        .setIsrNodes(isr)
        .setOfflineReplicas(
            state.replicas().stream().filter(id -> !brokers.reachable(id)).toList());
  }

  private Errors error(
      PartitionRegistration state, boolean led, List<Integer> replicas, List<Integer> isr) {
    if (!led) {
      boolean listenerIsMissing = state.hasLeader() && brokers.inService(state.leader());
      return listenerIsMissing && version >= FIRST_WITH_LISTENER_ERRORS
          ? Errors.LISTENER_NOT_FOUND
          : Errors.LEADER_NOT_AVAILABLE;
    }
    return replicas.size() < state.replicas().size() || isr.size() < state.isr().size()
        ? Errors.REPLICA_NOT_AVAILABLE
        : Errors.NONE;
  }

  /** The oldest clients are told of no replica that they cannot reach. */
  private List<Integer> reachable(List<Integer> ids) {
    return version >= FIRST_WITH_ALL_REPLICAS
        ? ids
        : ids.stream().filter(brokers::reachable).toList();
  }
}
