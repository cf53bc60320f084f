// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.JangadaException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;

/** Kafka's coordinator in the words of {@link GroupAdmin}. */
final class CoordinatorAdmin implements GroupAdmin {
  private static final String NAME = "jangada-admin";
  private static final String CLASSIC = "classic";
  private static final String CONSUMER = "consumer";
  private static final int NO_EPOCH = -1;

  private final KafkaGroups groups;

  CoordinatorAdmin(KafkaGroups groups) {
    this.groups = groups;
  }

  /** In the newest version: it tells most. */
  private static GroupClient as(ApiKeys key) {
    return new GroupClient(NAME, InetAddress.getLoopbackAddress(), key.id, key.latestVersion());
  }

  @Override
  public CompletableFuture<List<Listed>> list() {
    return typed(
        groups
            .listGroups(as(ApiKeys.LIST_GROUPS), new ListGroupsRequestData())
            .thenApply(
                listed -> {
                  requireNone(listed.errorCode(), "");
                  return listed.groups().stream()
                      .map(
                          group ->
                              new Listed(
                                  group.groupId(),
                                  group.groupState(),
                                  group.groupType().toLowerCase(Locale.ROOT),
                                  group.protocolType()))
                      .sorted(Comparator.comparing(Listed::groupId))
                      .toList();
                }));
  }

  @Override
  public CompletableFuture<Described> describe(String groupId) {
    return typed(
        groups
            .consumerGroupDescribe(as(ApiKeys.CONSUMER_GROUP_DESCRIBE), List.of(groupId))
            .thenCompose(
                described -> {
                  ConsumerGroupDescribeResponseData.DescribedGroup group = described.getFirst();
                  if (group.errorCode() == Errors.GROUP_ID_NOT_FOUND.code()) {
                    return describeClassic(groupId);
                  }
                  requireNone(group.errorCode(), groupId);
                  return CompletableFuture.completedFuture(consumerGroup(group));
                }));
  }

  private static Described consumerGroup(ConsumerGroupDescribeResponseData.DescribedGroup group) {
    return new Described(
        new Listed(group.groupId(), group.groupState(), CONSUMER, CONSUMER),
        group.assignorName(),
        group.members().stream().map(CoordinatorAdmin::consumerMember).toList());
  }

  private static Member consumerMember(ConsumerGroupDescribeResponseData.Member member) {
    List<GroupPartition> now = partitions(member.assignment());
    List<GroupPartition> target = partitions(member.targetAssignment());
    Set<GroupPartition> pending = new HashSet<>(now);
    pending.addAll(target);
    pending.removeIf(each -> now.contains(each) && target.contains(each));
    return new Member(
        member.memberId(),
        orEmpty(member.instanceId()),
        member.clientId(),
        host(member.clientHost()),
        now,
        pending.stream().sorted().toList());
  }

  private static List<GroupPartition> partitions(
      ConsumerGroupDescribeResponseData.Assignment assignment) {
    return assignment.topicPartitions().stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(partition -> new GroupPartition(topic.topicName(), partition)))
        .sorted()
        .toList();
  }

  private CompletableFuture<Described> describeClassic(String groupId) {
    return groups
        .describeGroups(as(ApiKeys.DESCRIBE_GROUPS), List.of(groupId))
        .thenApply(
            described -> {
              DescribeGroupsResponseData.DescribedGroup group = described.getFirst();
              requireNone(group.errorCode(), groupId);
              return new Described(
                  new Listed(groupId, group.groupState(), CLASSIC, group.protocolType()),
                  group.protocolData(),
                  group.members().stream()
                      .map(member -> classicMember(member, group.protocolType()))
                      .toList());
            });
  }

  private static Member classicMember(
      DescribeGroupsResponseData.DescribedGroupMember member, String protocolType) {
    return new Member(
        member.memberId(),
        orEmpty(member.groupInstanceId()),
        member.clientId(),
        host(member.clientHost()),
        protocolType.equals(ConsumerProtocol.PROTOCOL_TYPE)
            ? classicAssignment(member.memberAssignment())
            : List.of(),
        List.of());
  }

  /** What members write there is theirs: it may be anything. */
  private static List<GroupPartition> classicAssignment(byte[] assignment) {
    if (assignment.length == 0) {
      return List.of();
    }
    try {
      return ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment))
          .partitions()
          .stream()
          .map(partition -> new GroupPartition(partition.topic(), partition.partition()))
          .sorted()
          .toList();
    } catch (SchemaException foreign) {
      return List.of();
    }
  }

  @Override
  public CompletableFuture<List<Committed>> offsets(String groupId) {
    return typed(
        groups
            .fetchOffsets(
                as(ApiKeys.OFFSET_FETCH),
                new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(null),
                false)
            .thenApply(
                fetched -> {
                  requireNone(fetched.errorCode(), groupId);
                  return committed(fetched);
                }));
  }

  private static List<Committed> committed(OffsetFetchResponseGroup fetched) {
    return fetched.topics().stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .filter(partition -> partition.committedOffset() >= 0)
                    .map(
                        partition ->
                            new Committed(
                                new GroupPartition(topic.name(), partition.partitionIndex()),
                                partition.committedOffset(),
                                orEmpty(partition.metadata()))))
        .sorted(Comparator.comparing(Committed::partition))
        .toList();
  }

  @Override
  public CompletableFuture<Map<GroupPartition, JangadaException>> commit(
      String groupId, Map<GroupPartition, Long> offsets) {
    Map<String, OffsetCommitRequestTopic> topics = new TreeMap<>();
    offsets.forEach(
        (partition, offset) ->
            topics
                .computeIfAbsent(
                    partition.topic(), topic -> new OffsetCommitRequestTopic().setName(topic))
                .partitions()
                .add(
                    new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition.partition())
                        .setCommittedOffset(offset)
                        .setCommittedMetadata("")));
    return groups
        .commitOffsets(
            as(ApiKeys.OFFSET_COMMIT),
            new OffsetCommitRequestData()
                .setGroupId(groupId)
                .setMemberId("")
                .setGenerationIdOrMemberEpoch(NO_EPOCH)
                .setTopics(new ArrayList<>(topics.values())))
        .thenApply(answer -> refused(groupId, answer))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(notCommitted(groupId, GroupFailures.of(failure))));
  }

  private static Map<GroupPartition, JangadaException> refused(
      String groupId, OffsetCommitResponseData answer) {
    Map<GroupPartition, JangadaException> refused = new HashMap<>();
    for (OffsetCommitResponseTopic topic : answer.topics()) {
      for (OffsetCommitResponsePartition partition : topic.partitions()) {
        Errors error = Errors.forCode(partition.errorCode());
        if (error != Errors.NONE) {
          JangadaException failure = notCommitted(groupId, GroupFailures.of(error, null));
          if (ofTheGroup(failure)) {
            throw failure;
          }
          refused.put(new GroupPartition(topic.name(), partition.partitionIndex()), failure);
        }
      }
    }
    return refused;
  }

  /** What Kafka answers for each partition although it is about none of them. */
  private static boolean ofTheGroup(JangadaException failure) {
    return switch (failure.code()) {
      case GROUP_NOT_EMPTY, NOT_COORDINATOR, COORDINATOR_LOADING -> true;
      default -> false;
    };
  }

  /** Whoever is no member may not commit while there are some; that is what it is told then. */
  private static RuntimeException notCommitted(String groupId, RuntimeException failure) {
    return failure instanceof JangadaException typed ? notCommitted(groupId, typed) : failure;
  }

  private static JangadaException notCommitted(String groupId, JangadaException failure) {
    return switch (failure.code()) {
      case UNKNOWN_MEMBER, FENCED_MEMBER_EPOCH, STALE_MEMBER_EPOCH, FENCED_INSTANCE ->
          GroupAdmin.hasMembers(groupId);
      default -> failure;
    };
  }

  @Override
  public CompletableFuture<@Nullable Void> delete(String groupId) {
    return typed(
        groups
            .deleteGroups(as(ApiKeys.DELETE_GROUPS), List.of(groupId))
            .thenApply(
                results -> {
                  for (DeletableGroupResult result : results) {
                    if (result.errorCode() == Errors.NON_EMPTY_GROUP.code()) {
                      throw GroupAdmin.hasMembers(groupId);
                    }
                    requireNone(result.errorCode(), groupId);
                  }
                  return null;
                }));
  }

  private static void requireNone(short code, String groupId) {
    Errors error = Errors.forCode(code);
    if (error == Errors.GROUP_ID_NOT_FOUND) {
      throw GroupAdmin.notFound(groupId);
    }
    if (error != Errors.NONE) {
      throw GroupFailures.of(error, null);
    }
  }

  private static <T> CompletableFuture<T> typed(CompletableFuture<T> answer) {
    return answer.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(GroupFailures.of(failure)));
  }

  /** Kafka prints Java's form of an address: a name that may be empty, a slash, digits. */
  private static String host(String clientHost) {
    return clientHost.startsWith("/") ? clientHost.substring(1) : clientHost;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
