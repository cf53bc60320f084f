// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import com.google.protobuf.ByteString;
import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.BrokerState;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.TopicInfo;
import io.jangada.api.v1.UnfitDirectory;
import io.jangada.api.v1.UnknownTopic;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.common.Uuids;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The metadata image as the public contract tells it. */
final class WireMetadata {
  private WireMetadata() {}

  /**
   * What a client asked for.
   *
   * @param asked empty = all topics
   */
  static MetadataSnapshot snapshot(MetadataImage image, List<io.jangada.api.v1.TopicRef> asked) {
    MetadataSnapshot.Builder snapshot =
        MetadataSnapshot.newBuilder()
            .setClusterId(text(image.cluster().clusterId()))
            .setIndex(image.index());
    image.brokers().values().forEach(broker -> snapshot.addBrokers(broker(broker)));
    if (asked.isEmpty()) {
      image.topics().values().forEach(topic -> snapshot.addTopics(topic(image, topic)));
    }
    for (io.jangada.api.v1.TopicRef ref : asked) {
      try {
        snapshot.addTopics(topic(image, TopicLookup.topic(image, WireRefs.topic(ref))));
      } catch (JangadaException unknown) {
        snapshot.addUnknownTopics(
            UnknownTopic.newBuilder().setTopic(ref).setError(Failures.toError(unknown)));
      }
    }
    return snapshot.build();
  }

  static BrokerInfo broker(BrokerRegistration broker) {
    Endpoints endpoints = broker.profile().endpoints();
    return BrokerInfo.newBuilder()
        .setId(broker.brokerId())
        .setGrpcAddress(endpoints.grpc())
        .setKafkaAddress(endpoints.kafka())
        .setHttpAddress(endpoints.http())
        .setRack(broker.profile().rack())
        .setState(state(broker))
        .setBrokerEpoch(broker.brokerEpoch())
        .addAllRoles(
            broker.profile().roles().stream()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toList())
        .addAllUnfitDirectories(
            broker.unfit().stream()
                .map(
                    directory ->
                        UnfitDirectory.newBuilder()
                            .setId(Uuids.toBytes(directory.directoryId()))
                            .setReason(directory.reason())
                            .build())
                .toList())
        .build();
  }

  static TopicInfo topic(MetadataImage image, TopicImage topic) {
    TopicInfo.Builder info =
        TopicInfo.newBuilder()
            .setName(topic.name())
            .setId(Uuids.toBytes(topic.id()))
            .putAllConfigs(topic.configs())
            .setMaxBatchBytes(image.configs(topic).maxMessageBytes());
    topic
        .partitions()
        .forEach((partition, state) -> info.addPartitions(partition(partition, state)));
    return info.build();
  }

  private static PartitionInfo partition(int partition, PartitionRegistration state) {
    return PartitionInfo.newBuilder()
        .setPartition(partition)
        .setLeader(state.leader())
        .setLeaderEpoch(state.leaderEpoch())
        .setPartitionEpoch(state.partitionEpoch())
        .addAllReplicas(state.replicas())
        .addAllIsr(state.isr())
        .addAllElr(state.elr())
        .build();
  }

  private static BrokerState state(BrokerRegistration broker) {
    return switch (broker.status()) {
      case FENCED -> BrokerState.BROKER_STATE_FENCED;
      case ACTIVE -> BrokerState.BROKER_STATE_ACTIVE;
      case SHUTTING_DOWN -> BrokerState.BROKER_STATE_SHUTTING_DOWN;
    };
  }

  static ByteString id(@Nullable UUID id) {
    return id == null ? ByteString.EMPTY : Uuids.toBytes(id);
  }

  private static String text(@Nullable UUID id) {
    return id == null ? "" : id.toString();
  }
}
