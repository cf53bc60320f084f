// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.machine;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.Map;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Compares what a batch expects with what is. */
final class Preconditions {
  private Preconditions() {}

  /** Why it does not hold, or null if it does. */
  static @Nullable Refusal check(Precondition precondition, MetadataImage image) {
    return switch (precondition) {
      case Precondition.NameAbsent(String name) -> {
        UUID id = image.topicIds().get(name);
        yield id == null
            ? null
            : refusal(ErrorCode.TOPIC_ALREADY_EXISTS, "no topic " + name, "one with id " + id);
      }
      case Precondition.TopicIdIs(String name, UUID topicId) ->
          identified(name, image.topicIds().get(name), topicId);
      case Precondition.TopicConfigsAre(UUID topicId, Map<String, String> configs) ->
          configured(image.topic(topicId), topicId, configs);
      case Precondition.SettingsAre(int brokerId, Map<String, String> settings) ->
          settings(image.settings().of(brokerId), settings);
      case Precondition.LeaderEpochIs(TopicIdPartition id, int leaderEpoch) -> {
        PartitionRegistration partition = image.partition(id);
        yield partition == null
            ? unknown(id)
            : equal(
                ErrorCode.FENCED_LEADER_EPOCH,
                "the leader epoch of " + id,
                leaderEpoch,
                partition.leaderEpoch());
      }
      case Precondition.PartitionEpochIs(TopicIdPartition id, int partitionEpoch) -> {
        PartitionRegistration partition = image.partition(id);
        yield partition == null
            ? unknown(id)
            : equal(
                ErrorCode.INVALID_UPDATE_VERSION,
                "the partition epoch of " + id,
                partitionEpoch,
                partition.partitionEpoch());
      }
      case Precondition.BrokerEpochIs(int brokerId, long brokerEpoch) ->
          equal(
              ErrorCode.STALE_BROKER_EPOCH,
              "the epoch of broker " + brokerId,
              brokerEpoch,
              epoch(image.broker(brokerId)));
      case Precondition.IncarnationIs(int brokerId, UUID incarnation) -> {
        BrokerRegistration broker = image.broker(brokerId);
        UUID registered = broker == null ? null : broker.incarnation();
        yield incarnation.equals(registered)
            ? null
            : refusal(
                ErrorCode.INVALID_UPDATE_VERSION,
                "broker " + brokerId + " to be incarnation " + incarnation,
                orNone(registered));
      }
      case Precondition.BrokerAbsent(int brokerId) ->
          equal(
              ErrorCode.INVALID_UPDATE_VERSION,
              "the epoch of broker " + brokerId,
              BrokerRegistration.UNASSIGNED,
              epoch(image.broker(brokerId)));
      case Precondition.RightsWithin(int brokerId, SortedSet<TopicIdPartition> partitions) ->
          rightsWithin(brokerId, partitions, image);
      case Precondition.NextProducerIdIs(long next) ->
          equal(
              ErrorCode.INVALID_UPDATE_VERSION,
              "the next producer id",
              next,
              image.cluster().nextProducerId());
    };
  }

  private static @Nullable Refusal settings(
      Map<String, String> found, Map<String, String> expected) {
    return found.equals(expected)
        ? null
        : refusal(
            ErrorCode.INVALID_UPDATE_VERSION,
            "the settings to be " + expected,
            "they are " + found);
  }

  private static @Nullable Refusal identified(String name, @Nullable UUID found, UUID expected) {
    return expected.equals(found)
        ? null
        : refusal(
            ErrorCode.UNKNOWN_TOPIC, "topic " + name + " to have id " + expected, orNone(found));
  }

  private static @Nullable Refusal rightsWithin(
      int brokerId, SortedSet<TopicIdPartition> partitions, MetadataImage image) {
    for (TopicImage topic : image.topics().values()) {
      for (Map.Entry<Integer, PartitionRegistration> partition : topic.partitions().entrySet()) {
        TopicIdPartition id = topic.partitionId(partition.getKey());
        if (partition.getValue().hasRights(brokerId) && !partitions.contains(id)) {
          return refusal(
              ErrorCode.INVALID_UPDATE_VERSION,
              "broker " + brokerId + " in no other ISR or ELR than was looked at",
              "it is in that of " + id);
        }
      }
    }
    return null;
  }

  private static @Nullable Refusal configured(
      @Nullable TopicImage topic, UUID topicId, Map<String, String> configs) {
    if (topic == null) {
      return refusal(ErrorCode.UNKNOWN_TOPIC, "topic " + topicId, "there is none");
    }
    return topic.configs().equals(configs)
        ? null
        : refusal(
            ErrorCode.INVALID_UPDATE_VERSION,
            "the configuration of " + topic.name() + " to be " + configs,
            "it is " + topic.configs());
  }

  private static long epoch(@Nullable BrokerRegistration broker) {
    return broker == null ? BrokerRegistration.UNASSIGNED : broker.brokerEpoch();
  }

  private static Refusal unknown(TopicIdPartition id) {
    return refusal(ErrorCode.UNKNOWN_PARTITION, "partition " + id, "there is none");
  }

  private static @Nullable Refusal equal(ErrorCode code, String what, long expected, long found) {
    return expected == found ? null : refusal(code, what + " to be " + expected, "it is " + found);
  }

  private static String orNone(@Nullable UUID id) {
    return id == null ? "there is none" : "it is " + id;
  }

  private static Refusal refusal(ErrorCode code, String expected, String found) {
    return new Refusal(code, "expected " + expected + ", but " + found);
  }
}
