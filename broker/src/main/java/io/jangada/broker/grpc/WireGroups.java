// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupHeartbeatRequest;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.PartitionsOfTopic;
import io.jangada.api.v1.TopicPartitions;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.groups.GroupService.GroupMember;
import io.jangada.groups.GroupService.GroupOffset;
import io.jangada.groups.GroupService.MemberHeartbeat;
import io.jangada.groups.GroupService.Membership;
import io.jangada.groups.GroupService.NamedPartition;
import io.jangada.groups.GroupService.Subscription;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Groups from and to the wire. Clients name topics or give their ids; groups want both. */
final class WireGroups {
  private static final long NONE = -1;

  private WireGroups() {}

  static GroupMember member(io.jangada.api.v1.GroupMember member) {
    return new GroupMember(
        member.getGroupId(), member.getMemberId(), member.getMemberEpoch(), member.getInstanceId());
  }

  /**
   * What a member says of itself.
   *
   * @throws JangadaException INVALID_REQUEST if a topic has neither name nor id
   */
  static MemberHeartbeat heartbeat(GroupHeartbeatRequest request, MetadataImage image) {
    return new MemberHeartbeat(
        member(request.getMember()),
        request.getRack(),
        request.hasRebalanceTimeoutMs() ? request.getRebalanceTimeoutMs() : null,
        request.hasSubscription()
            ? new Subscription(
                List.copyOf(request.getSubscription().getTopicsList()),
                request.getSubscription().getTopicRegex())
            : null,
        request.hasOwned() ? owned(request.getOwned(), image) : null,
        request.getAssignor());
  }

  /** Without partitions of topics that are gone: nobody else can be waiting for them. */
  private static Set<TopicIdPartition> owned(TopicPartitions partitions, MetadataImage image) {
    Set<TopicIdPartition> owned = new HashSet<>();
    for (NamedPartition each : named(partitions, image)) {
      UUID id = each.topicId();
      if (id != null) {
        owned.add(new TopicIdPartition(id, each.partition()));
      }
    }
    return owned;
  }

  /**
   * Partitions by name; of what is not known here as it was asked for.
   *
   * @throws JangadaException INVALID_REQUEST if a topic has neither name nor id
   */
  static List<NamedPartition> named(TopicPartitions partitions, MetadataImage image) {
    List<NamedPartition> named = new ArrayList<>();
    for (PartitionsOfTopic topic : partitions.getTopicsList()) {
      for (int partition : topic.getPartitionsList()) {
        named.add(named(topic.getTopic(), partition, image));
      }
    }
    return named;
  }

  /** One of them. */
  static NamedPartition named(TopicRef ref, int partition, MetadataImage image) {
    io.jangada.broker.service.TopicRef topic = WireRefs.topic(ref);
    try {
      TopicImage known = TopicLookup.topic(image, topic);
      return new NamedPartition(known.id(), known.name(), partition);
    } catch (JangadaException unknown) {
      return new NamedPartition(null, topic.name(), partition);
    }
  }

  static GroupHeartbeatResponse membership(Membership membership, MetadataImage image) {
    GroupHeartbeatResponse.Builder response =
        GroupHeartbeatResponse.newBuilder()
            .setMemberEpoch(membership.epoch())
            .setHeartbeatIntervalMs(membership.heartbeatIntervalMs());
    Set<TopicIdPartition> assignment = membership.assignment();
    if (assignment != null) {
      response.setAssignment(partitions(assignment, image));
    }
    return response.build();
  }

  private static TopicPartitions partitions(Set<TopicIdPartition> assignment, MetadataImage image) {
    Map<UUID, PartitionsOfTopic.Builder> topics = new HashMap<>();
    for (TopicIdPartition each : assignment) {
      topics
          .computeIfAbsent(
              each.topicId(), id -> PartitionsOfTopic.newBuilder().setTopic(ref(id, image)))
          .addPartitions(each.partition());
    }
    TopicPartitions.Builder partitions = TopicPartitions.newBuilder();
    topics.values().forEach(partitions::addTopics);
    return partitions.build();
  }

  private static TopicRef ref(UUID id, MetadataImage image) {
    TopicImage topic = image.topic(id);
    return TopicRef.newBuilder()
        .setId(Uuids.toBytes(id))
        .setName(topic == null ? "" : topic.name())
        .build();
  }

  /** What was asked for, or all that there is; offsets of topics that are gone are not told. */
  static FetchOffsetsResponse offsets(
      List<GroupOffset> committed, @Nullable List<NamedPartition> asked, MetadataImage image) {
    FetchOffsetsResponse.Builder response = FetchOffsetsResponse.newBuilder();
    Set<String> told = new HashSet<>();
    for (GroupOffset each : committed) {
      NamedPartition partition = each.partition();
      TopicImage topic = image.topic(partition.topic());
      if (topic != null) {
        told.add(key(partition));
        io.jangada.api.v1.GroupOffset.Builder offset =
            offset(topic.name(), topic.id(), partition.partition())
                .setOffset(each.offset())
                .setMetadata(each.metadata());
        if (each.leaderEpoch() >= 0) {
          offset.setLeaderEpoch(each.leaderEpoch());
        }
        response.addOffsets(offset);
      }
    }
    if (asked != null) {
      for (NamedPartition each : asked) {
        if (!told.contains(key(each))) {
          response.addOffsets(
              offset(each.topic(), each.topicId(), each.partition()).setOffset(NONE));
        }
      }
    }
    return response.build();
  }

  private static io.jangada.api.v1.GroupOffset.Builder offset(
      String topic, @Nullable UUID id, int partition) {
    TopicRef.Builder ref = TopicRef.newBuilder().setName(topic);
    if (id != null) {
      ref.setId(Uuids.toBytes(id));
    }
    return io.jangada.api.v1.GroupOffset.newBuilder().setTopic(ref).setPartition(partition);
  }

  private static String key(NamedPartition partition) {
    return partition.topic() + "-" + partition.partition();
  }
}
