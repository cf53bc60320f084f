// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The groups that this broker coordinates, in our words: asks the same coordinator as Kafka's
 * clients do, in the newest version of their requests, so that members of both kinds are alike to
 * it. Thread-safe; never blocks.
 */
public final class CoordinatorMembers implements GroupService {
  private static final int NOT_GIVEN = -1;
  private static final long NO_OFFSET = -1;

  private final KafkaGroups groups;

  /** Over the groups here. */
  public CoordinatorMembers(KafkaGroups groups) {
    this.groups = groups;
  }

  @Override
  public CompletableFuture<Membership> heartbeat(Caller caller, MemberHeartbeat heartbeat) {
    GroupMember member = heartbeat.member();
    Integer timeoutMs = heartbeat.rebalanceTimeoutMs();
    ConsumerGroupHeartbeatRequestData request =
        new ConsumerGroupHeartbeatRequestData()
            .setGroupId(member.groupId())
            .setMemberId(member.memberId())
            .setMemberEpoch(member.epoch())
            .setInstanceId(orNull(member.instanceId()))
            .setRackId(orNull(heartbeat.rack()))
            .setServerAssignor(orNull(heartbeat.assignor()))
            .setRebalanceTimeoutMs(timeoutMs == null ? NOT_GIVEN : timeoutMs);
    Subscription subscription = heartbeat.subscription();
    if (subscription != null) {
      request
          .setSubscribedTopicNames(subscription.topics())
          .setSubscribedTopicRegex(subscription.regex());
    }
    if (heartbeat.owned() != null) {
      request.setTopicPartitions(owned(heartbeat.owned()));
    }
    return typed(
        groups.consumerGroupHeartbeat(client(caller, ApiKeys.CONSUMER_GROUP_HEARTBEAT), request),
        CoordinatorMembers::membership);
  }

  private static List<ConsumerGroupHeartbeatRequestData.TopicPartitions> owned(
      Set<TopicIdPartition> partitions) {
    Map<UUID, List<Integer>> byTopic = new LinkedHashMap<>();
    for (TopicIdPartition each : partitions) {
      byTopic.computeIfAbsent(each.topicId(), id -> new ArrayList<>()).add(each.partition());
    }
    List<ConsumerGroupHeartbeatRequestData.TopicPartitions> owned = new ArrayList<>();
    byTopic.forEach(
        (topic, numbers) ->
            owned.add(
                new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                    .setTopicId(TopicsMirror.toKafka(topic))
                    .setPartitions(numbers)));
    return owned;
  }

  private static Membership membership(ConsumerGroupHeartbeatResponseData answer) {
    require(Errors.forCode(answer.errorCode()), answer.errorMessage());
    ConsumerGroupHeartbeatResponseData.Assignment assignment = answer.assignment();
    Set<TopicIdPartition> assigned = null;
    if (assignment != null) {
      assigned = new HashSet<>();
      for (ConsumerGroupHeartbeatResponseData.TopicPartitions topic :
          assignment.topicPartitions()) {
        UUID id = toOurs(topic.topicId());
        for (int partition : topic.partitions()) {
          assigned.add(new TopicIdPartition(id, partition));
        }
      }
    }
    return new Membership(answer.memberEpoch(), answer.heartbeatIntervalMs(), assigned);
  }

  @Override
  public CompletableFuture<Map<NamedPartition, JangadaException>> commit(
      Caller caller, GroupMember member, List<GroupOffset> offsets) {
    Map<String, OffsetCommitRequestTopic> topics = new LinkedHashMap<>();
    Map<String, NamedPartition> asked = new HashMap<>();
    for (GroupOffset each : offsets) {
      NamedPartition partition = each.partition();
      asked.put(key(partition.topic(), partition.partition()), partition);
      topics
          .computeIfAbsent(
              partition.topic(),
              name ->
                  new OffsetCommitRequestTopic()
                      .setName(name)
                      .setTopicId(toKafka(partition.topicId())))
          .partitions()
          .add(
              new OffsetCommitRequestPartition()
                  .setPartitionIndex(partition.partition())
                  .setCommittedOffset(each.offset())
                  .setCommittedLeaderEpoch(each.leaderEpoch())
                  .setCommittedMetadata(each.metadata()));
    }
    boolean nobody = member.memberId().isEmpty();
    return typed(
        groups.commitOffsets(
            client(caller, ApiKeys.OFFSET_COMMIT),
            new OffsetCommitRequestData()
                .setGroupId(member.groupId())
                .setMemberId(member.memberId())
                .setGenerationIdOrMemberEpoch(nobody ? NOT_GIVEN : member.epoch())
                .setGroupInstanceId(orNull(member.instanceId()))
                .setTopics(List.copyOf(topics.values()))),
        answer -> refused(answer, asked));
  }

  private static Map<NamedPartition, JangadaException> refused(
      OffsetCommitResponseData answer, Map<String, NamedPartition> asked) {
    Map<NamedPartition, JangadaException> refused = new HashMap<>();
    for (OffsetCommitResponseData.OffsetCommitResponseTopic topic : answer.topics()) {
      for (OffsetCommitResponseData.OffsetCommitResponsePartition partition : topic.partitions()) {
        Errors error = Errors.forCode(partition.errorCode());
        NamedPartition which = asked.get(key(topic.name(), partition.partitionIndex()));
        if (error != Errors.NONE && which != null) {
          refused.put(which, ofItem(error));
        }
      }
    }
    return refused;
  }

  /** What the coordinator thinks of the member, or of itself, it repeats for each partition. */
  private static JangadaException ofItem(Errors error) {
    JangadaException refusal = GroupFailures.of(error, null);
    return switch (error) {
      case UNKNOWN_TOPIC_OR_PARTITION,
          UNKNOWN_TOPIC_ID,
          OFFSET_METADATA_TOO_LARGE,
          INVALID_COMMIT_OFFSET_SIZE ->
          refusal;
      default -> throw refusal;
    };
  }

  @Override
  public CompletableFuture<List<GroupOffset>> committed(
      Caller caller, GroupMember member, @Nullable List<NamedPartition> partitions) {
    OffsetFetchRequestGroup request = new OffsetFetchRequestGroup().setGroupId(member.groupId());
    if (member.memberId().isEmpty()) {
      request.setMemberId(null).setMemberEpoch(NOT_GIVEN);
    } else {
      request.setMemberId(member.memberId()).setMemberEpoch(member.epoch());
    }
    request.setTopics(partitions == null ? null : topics(partitions));
    return typed(
        groups.fetchOffsets(client(caller, ApiKeys.OFFSET_FETCH), request, true),
        CoordinatorMembers::offsets);
  }

  private static List<OffsetFetchRequestTopics> topics(Collection<NamedPartition> partitions) {
    Map<String, OffsetFetchRequestTopics> topics = new LinkedHashMap<>();
    for (NamedPartition each : partitions) {
      topics
          .computeIfAbsent(
              each.topic(),
              name ->
                  new OffsetFetchRequestTopics()
                      .setName(name)
                      .setTopicId(toKafka(each.topicId()))
                      .setPartitionIndexes(new ArrayList<>()))
          .partitionIndexes()
          .add(each.partition());
    }
    return List.copyOf(topics.values());
  }

  private static List<GroupOffset> offsets(OffsetFetchResponseGroup answer) {
    require(Errors.forCode(answer.errorCode()), null);
    List<GroupOffset> offsets = new ArrayList<>();
    answer
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition -> {
                          require(Errors.forCode(partition.errorCode()), null);
                          if (partition.committedOffset() != NO_OFFSET) {
                            offsets.add(
                                new GroupOffset(
                                    new NamedPartition(
                                        topic.topicId().equals(Uuid.ZERO_UUID)
                                            ? null
                                            : toOurs(topic.topicId()),
                                        topic.name(),
                                        partition.partitionIndex()),
                                    partition.committedOffset(),
                                    partition.committedLeaderEpoch(),
                                    String.valueOf(partition.metadata())));
                          }
                        }));
    return offsets;
  }

  private static <K, T> CompletableFuture<T> typed(
      CompletableFuture<K> answer, Function<K, T> reading) {
    return answer.handle(
        (value, failure) -> {
          if (failure != null) {
            throw GroupFailures.of(failure);
          }
          return reading.apply(value);
        });
  }

  private static void require(Errors error, @Nullable String said) {
    if (error != Errors.NONE) {
      throw GroupFailures.of(error, said);
    }
  }

  private static GroupClient client(Caller caller, ApiKeys api) {
    return new GroupClient(caller.clientId(), caller.address(), api.id, api.latestVersion());
  }

  private static String key(String topic, int partition) {
    return topic + "-" + partition;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Uuid toKafka(@Nullable UUID id) {
    return id == null ? Uuid.ZERO_UUID : TopicsMirror.toKafka(id);
  }

  private static UUID toOurs(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
