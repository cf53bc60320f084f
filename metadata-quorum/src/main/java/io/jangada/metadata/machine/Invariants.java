// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.machine;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What holds in every image, whichever version of the controller decides. A record that would break
 * it is rejected; most often it was decided on an image that is no longer the present one.
 */
final class Invariants {
  private Invariants() {}

  /** Why the record cannot be written, or null if it can. */
  static @Nullable Refusal check(MetadataRecord record, MetadataImage image) {
    return switch (record) {
      case MetadataRecord.ClusterFormatted ignored ->
          image.cluster().clusterId() == null
              ? null
              : new Refusal(
                  ErrorCode.INCONSISTENT_CLUSTER_ID,
                  "expected a new cluster, but it is " + image.cluster().clusterId());
      case MetadataRecord.ControllerClaimed ignored -> null;
      case MetadataRecord.QuorumMemberRegistered ignored -> null;
      case MetadataRecord.FeatureLevelSet(int level) ->
          notBack("the feature level", image.cluster().featureLevel(), level);
      case MetadataRecord.ProducerIdsAllocated(long next) ->
          notBack("the next producer id", image.cluster().nextProducerId(), next);
      case MetadataRecord.BrokerRegistered(BrokerRegistration registration) ->
          broker(registration, image);
      case MetadataRecord.BrokerStatusChanged changed -> status(changed, image);
      case MetadataRecord.BrokerRemoved(int brokerId) -> removal(brokerId, image);
      case MetadataRecord.TopicCreated created ->
          image.topic(created.topicId()) == null && image.topic(created.name()) == null
              ? null
              : new Refusal(
                  ErrorCode.TOPIC_ALREADY_EXISTS,
                  "expected a new topic, but " + created.name() + " or its id is taken");
      case MetadataRecord.TopicConfigured configured -> known(configured.topicId(), image);
      case MetadataRecord.SettingsConfigured configured ->
          configured.brokerId() == ControllerRequest.SettingsChange.CLUSTER
                  || image.broker(configured.brokerId()) != null
              ? null
              : notRegistered(configured.brokerId());
      case MetadataRecord.DirectoryUnfit unfit ->
          image.broker(unfit.brokerId()) != null ? null : notRegistered(unfit.brokerId());
      case MetadataRecord.TopicDeleted(UUID topicId) -> known(topicId, image);
      case MetadataRecord.PartitionRegistered(
              TopicIdPartition id,
              PartitionRegistration partition) ->
          partition(id, partition, image);
    };
  }

  /** Rule 8: an ISR that commits does so without the eligible replicas. */
  private static boolean rightsEnd(PartitionRegistration partition, int minInsyncReplicas) {
    return partition.isr().size() < Math.min(minInsyncReplicas, partition.replicas().size())
        || (partition.elr().isEmpty() && partition.lastKnownElr().isEmpty());
  }

  private static @Nullable Refusal known(UUID topicId, MetadataImage image) {
    return image.topic(topicId) != null
        ? null
        : new Refusal(ErrorCode.UNKNOWN_TOPIC, "expected topic " + topicId + ", but there is none");
  }

  private static Refusal notRegistered(int brokerId) {
    return new Refusal(
        ErrorCode.BROKER_NOT_REGISTERED,
        "expected broker " + brokerId + " to be registered, but it never was");
  }

  private static @Nullable Refusal notBack(String what, long atLeast, long proposed) {
    return proposed >= atLeast
        ? null
        : raced("expected " + what + " to be at least " + atLeast + ", but got " + proposed);
  }

  /**
   * A new incarnation is fenced and in no ISR. Which of its other rights it may keep, the
   * controller knows from its recovery; before feature level 2 nobody asked, and a log directory
   * that is gone took all of them.
   */
  private static @Nullable Refusal broker(BrokerRegistration broker, MetadataImage image) {
    if (broker.status() != BrokerStatus.FENCED) {
      return new Refusal(
          ErrorCode.INVALID_REQUEST,
          "expected a registration to begin fenced, but it is " + broker.status());
    }
    BrokerRegistration earlier = image.broker(broker.brokerId());
    boolean keepsElr =
        image.cluster().featureLevel() >= FeatureRange.DURABLE
            || (earlier != null && broker.provenance().continues(earlier.provenance()));
    for (TopicImage topic : image.topics().values()) {
      for (PartitionRegistration partition : topic.partitions().values()) {
        if (partition.isr().contains(broker.brokerId())
            || (!keepsElr && partition.elr().contains(broker.brokerId()))) {
          return raced(
              "expected broker "
                  + broker.brokerId()
                  + " to have left every ISR and to keep no right it lost, but a partition of "
                  + topic.name()
                  + " has it");
        }
      }
    }
    return null;
  }

  /** What replicas and leaders are said to be on is always registered. */
  private static @Nullable Refusal removal(int brokerId, MetadataImage image) {
    BrokerRegistration broker = image.broker(brokerId);
    if (broker == null) {
      return notRegistered(brokerId);
    }
    return broker.status() == BrokerStatus.FENCED && image.partitionsOf(brokerId).isEmpty()
        ? null
        : raced(
            "expected broker "
                + brokerId
                + " to be out of service and without replicas to be removed, but it is "
                + broker.status()
                + " or has some");
  }

  private static @Nullable Refusal status(
      MetadataRecord.BrokerStatusChanged changed, MetadataImage image) {
    BrokerRegistration broker = image.broker(changed.brokerId());
    if (broker == null) {
      return notRegistered(changed.brokerId());
    }
    return broker.status().canBecome(changed.status())
        ? null
        : raced(
            "expected broker "
                + changed.brokerId()
                + " in a state from which it can become "
                + changed.status()
                + ", but it is "
                + broker.status());
  }

  private static @Nullable Refusal partition(
      TopicIdPartition id, PartitionRegistration partition, MetadataImage image) {
    TopicImage topic = image.topic(id.topicId());
    if (topic == null) {
      return new Refusal(
          ErrorCode.UNKNOWN_TOPIC, "expected a topic for partition " + id + ", but there is none");
    }
    if (!wellFormed(partition)) {
      return new Refusal(
          ErrorCode.INVALID_REQUEST,
          "expected a leader in the ISR, ISR and ELR apart and both among the replicas, but "
              + id
              + " would be "
              + partition);
    }
    if (image.cluster().featureLevel() >= FeatureRange.DURABLE
        && !rightsEnd(partition, topic.typedConfigs().minInsyncReplicas())) {
      return raced(
          "expected the ELR of "
              + id
              + " to end with an ISR that is large enough, but it would be "
              + partition);
    }
    if (image.cluster().featureLevel() >= FeatureRange.BROKER_REMOVED
        && !image.brokers().keySet().containsAll(partition.replicas())) {
      return raced(
          "expected registered brokers for the replicas of " + id + ", but got " + partition);
    }
    PartitionRegistration earlier = image.partition(id);
    if (earlier != null && !follows(partition, earlier)) {
      return raced(
          "expected the epochs of " + id + " to grow, but " + earlier + " would be " + partition);
    }
    for (Integer member : partition.isr()) {
      boolean joins = earlier == null || !earlier.isr().contains(member);
      boolean elected =
          partition.leader() == member && (earlier == null || earlier.leader() != member);
      if ((joins || elected) && !image.inService(member)) {
        return raced(
            "expected broker "
                + member
                + " to be in service to join or lead "
                + id
                + ", but it is not");
      }
    }
    return null;
  }

  private static boolean wellFormed(PartitionRegistration partition) {
    return partition.replicas().stream().distinct().count() == partition.replicas().size()
        && partition.isr().stream().distinct().count() == partition.isr().size()
        && partition.replicas().containsAll(partition.isr())
        && partition.replicas().containsAll(partition.elr())
        && partition.elr().stream().noneMatch(partition.isr()::contains)
        && (!partition.hasLeader() || partition.isr().contains(partition.leader()));
  }

  private static boolean follows(PartitionRegistration partition, PartitionRegistration earlier) {
    boolean newLeader = partition.leader() != earlier.leader();
    return partition.partitionEpoch() > earlier.partitionEpoch()
        && partition.leaderEpoch() >= earlier.leaderEpoch() + (newLeader ? 1 : 0);
  }

  private static Refusal raced(String message) {
    return new Refusal(
        ErrorCode.INVALID_UPDATE_VERSION, message, "the metadata has changed: decide again");
  }
}
