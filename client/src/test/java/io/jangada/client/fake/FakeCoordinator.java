// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.jangada.api.v1.CommitOffsetResult;
import io.jangada.api.v1.CommitOffsetsRequest;
import io.jangada.api.v1.CommitOffsetsResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.FetchOffsetsRequest;
import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupHeartbeatRequest;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.GroupMember;
import io.jangada.api.v1.GroupOffset;
import io.jangada.api.v1.PartitionsOfTopic;
import io.jangada.api.v1.TopicPartitions;
import io.jangada.api.v1.TopicRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.common.Uuids;
import io.jangada.wire.WireErrors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Groups by the rules of KIP-848 that members see: a partition is given to one member only after
 * another has said that it does not read it any more. Under the cluster's lock.
 */
public final class FakeCoordinator {
  private static final int INTERVAL_MS = 50;

  private final FakeCluster cluster;
  private final Map<String, Group> groups = new HashMap<>();
  private final Deque<ErrorCode> heartbeatFailures = new ArrayDeque<>();
  private final Deque<ErrorCode> commitFailures = new ArrayDeque<>();
  private int coordinator = 1;
  private int commits;
  private int intervalMs = INTERVAL_MS;

  private static final class Group {
    final Map<String, Member> members = new TreeMap<>();
    final Map<TopicPartition, Long> offsets = new TreeMap<>();
    int epoch;
  }

  private static final class Member {
    int epoch;
    Set<String> topics = Set.of();
    Set<TopicPartition> owned = Set.of();
    final Set<TopicPartition> granted = new TreeSet<>();
    @Nullable Set<TopicPartition> told;
    String clientId = "";
  }

  FakeCoordinator(FakeCluster cluster) {
    this.cluster = cluster;
  }

  // For tests.

  /** Another broker coordinates from now on; it knows everything at once. */
  public void moveTo(int broker) {
    synchronized (cluster) {
      coordinator = broker;
    }
  }

  /** Members are to be heard of so often. */
  public void heartbeatEvery(int ms) {
    synchronized (cluster) {
      intervalMs = ms;
    }
  }

  /** Forgets a member, as if nothing had been heard of it. */
  public void expire(String group, String clientId) {
    synchronized (cluster) {
      Group state = group(group);
      state.members.values().removeIf(member -> member.clientId.equals(clientId));
      state.epoch++;
    }
  }

  /** The next heartbeats fail. */
  public void failHeartbeats(ErrorCode... codes) {
    synchronized (cluster) {
      heartbeatFailures.addAll(Arrays.asList(codes));
    }
  }

  /** The next commits fail. */
  public void failCommits(ErrorCode... codes) {
    synchronized (cluster) {
      commitFailures.addAll(Arrays.asList(codes));
    }
  }

  /** What is committed. */
  public Map<TopicPartition, Long> offsets(String group) {
    synchronized (cluster) {
      return new TreeMap<>(group(group).offsets);
    }
  }

  /** Commits for nobody. */
  public void commit(String group, TopicPartition partition, long offset) {
    synchronized (cluster) {
      group(group).offsets.put(partition, offset);
    }
  }

  /** How many commits were carried out. */
  public int commits() {
    synchronized (cluster) {
      return commits;
    }
  }

  /** How many members there are. */
  public int members(String group) {
    synchronized (cluster) {
      return group(group).members.size();
    }
  }

  /** The partitions that members have said they read, each as often as it was said. */
  public List<TopicPartition> owned(String group) {
    synchronized (cluster) {
      List<TopicPartition> all = new ArrayList<>();
      group(group).members.values().forEach(member -> all.addAll(member.owned));
      return all;
    }
  }

  // For brokers.

  int coordinator() {
    return coordinator;
  }

  private Group group(String id) {
    return groups.computeIfAbsent(id, name -> new Group());
  }

  GroupHeartbeatResponse.Builder heartbeat(GroupHeartbeatRequest request) {
    ErrorCode failure = heartbeatFailures.poll();
    if (failure != null) {
      return GroupHeartbeatResponse.newBuilder().setError(error(failure));
    }
    GroupMember who = request.getMember();
    Group group = group(who.getGroupId());
    if (who.getMemberEpoch() < 0) {
      if (group.members.remove(who.getMemberId()) != null) {
        group.epoch++;
      }
      return GroupHeartbeatResponse.newBuilder().setMemberEpoch(who.getMemberEpoch());
    }
    if (who.getMemberEpoch() == 0) {
      group.members.put(who.getMemberId(), new Member());
      group.epoch++;
    }
    Member member = group.members.get(who.getMemberId());
    if (member == null) {
      return GroupHeartbeatResponse.newBuilder().setError(error(ErrorCode.UNKNOWN_MEMBER));
    }
    if (who.getMemberEpoch() != 0 && who.getMemberEpoch() != member.epoch) {
      return GroupHeartbeatResponse.newBuilder().setError(error(ErrorCode.FENCED_MEMBER_EPOCH));
    }
    if (request.hasSubscription()) {
      Set<String> topics = Set.copyOf(request.getSubscription().getTopicsList());
      if (!topics.equals(member.topics)) {
        member.topics = topics;
        group.epoch++;
      }
      member.clientId = request.getClientId();
    }
    if (request.hasOwned()) {
      member.owned = read(request.getOwned());
    }
    return assigned(group, member, request.hasOwned(), request.hasRebalanceTimeoutMs());
  }

  private GroupHeartbeatResponse.Builder assigned(
      Group group, Member member, boolean saysOwned, boolean full) {
    Set<TopicPartition> target = target(group, member);
    if (saysOwned) {
      member.granted.removeIf(p -> !target.contains(p) && !member.owned.contains(p));
    }
    Set<TopicPartition> told = new TreeSet<>(target);
    told.removeIf(
        p -> group.members.values().stream().anyMatch(m -> m != member && m.granted.contains(p)));
    if (target.containsAll(member.granted)) {
      member.epoch = group.epoch;
      member.granted.addAll(told);
    } else {
      told.retainAll(member.granted); // nothing new before the old is given up
    }
    GroupHeartbeatResponse.Builder answer =
        GroupHeartbeatResponse.newBuilder()
            .setMemberEpoch(member.epoch == 0 ? group.epoch : member.epoch)
            .setHeartbeatIntervalMs(intervalMs);
    member.epoch = answer.getMemberEpoch();
    if (full || !told.equals(member.told)) {
      member.told = told;
      answer.setAssignment(write(told));
    }
    return answer;
  }

  private Set<TopicPartition> target(Group group, Member member) {
    Set<TopicPartition> target = new HashSet<>();
    for (String topic : member.topics) {
      List<Member> readers =
          group.members.values().stream().filter(m -> m.topics.contains(topic)).toList();
      FakeCluster.FakeTopic known = cluster.topics().get(topic);
      for (int p = 0; known != null && p < known.partitions().size(); p++) {
        if (readers.get(p % readers.size()) == member) {
          target.add(new TopicPartition(topic, p));
        }
      }
    }
    return target;
  }

  CommitOffsetsResponse.Builder commit(CommitOffsetsRequest request) {
    ErrorCode failure = commitFailures.poll();
    if (failure == null) {
      failure = stranger(request.getMember());
    }
    if (failure != null) {
      return CommitOffsetsResponse.newBuilder().setError(error(failure));
    }
    CommitOffsetsResponse.Builder answer = CommitOffsetsResponse.newBuilder();
    for (GroupOffset each : request.getOffsetsList()) {
      CommitOffsetResult.Builder result =
          CommitOffsetResult.newBuilder()
              .setTopic(each.getTopic())
              .setPartition(each.getPartition());
      if (cluster.topics().containsKey(each.getTopic().getName())) {
        group(request.getMember().getGroupId())
            .offsets
            .put(
                new TopicPartition(each.getTopic().getName(), each.getPartition()),
                each.getOffset());
      } else {
        result.setError(error(ErrorCode.UNKNOWN_TOPIC));
      }
      answer.addResults(result);
    }
    commits++;
    return answer;
  }

  FetchOffsetsResponse.Builder fetch(FetchOffsetsRequest request) {
    ErrorCode stranger = stranger(request.getMember());
    if (stranger != null) {
      return FetchOffsetsResponse.newBuilder().setError(error(stranger));
    }
    FetchOffsetsResponse.Builder answer = FetchOffsetsResponse.newBuilder();
    Map<TopicPartition, Long> offsets = group(request.getMember().getGroupId()).offsets;
    for (TopicPartition each : read(request.getPartitions())) {
      answer.addOffsets(
          GroupOffset.newBuilder()
              .setTopic(TopicRef.newBuilder().setName(each.topic()))
              .setPartition(each.partition())
              .setOffset(offsets.getOrDefault(each, -1L)));
    }
    return answer;
  }

  private @Nullable ErrorCode stranger(GroupMember who) {
    if (who.getMemberId().isEmpty()) {
      return null;
    }
    Member member = group(who.getGroupId()).members.get(who.getMemberId());
    if (member == null) {
      return ErrorCode.UNKNOWN_MEMBER;
    }
    return member.epoch == who.getMemberEpoch() ? null : ErrorCode.STALE_MEMBER_EPOCH;
  }

  private static Set<TopicPartition> read(TopicPartitions wire) {
    Set<TopicPartition> partitions = new HashSet<>();
    for (PartitionsOfTopic topic : wire.getTopicsList()) {
      topic
          .getPartitionsList()
          .forEach(p -> partitions.add(new TopicPartition(topic.getTopic().getName(), p)));
    }
    return partitions;
  }

  private TopicPartitions write(Set<TopicPartition> partitions) {
    Map<String, PartitionsOfTopic.Builder> topics = new TreeMap<>();
    for (TopicPartition each : partitions) {
      topics
          .computeIfAbsent(
              each.topic(),
              name ->
                  PartitionsOfTopic.newBuilder()
                      .setTopic(
                          TopicRef.newBuilder()
                              .setName(name)
                              .setId(Uuids.toBytes(cluster.topics().get(name).id()))))
          .addPartitions(each.partition());
    }
    TopicPartitions.Builder wire = TopicPartitions.newBuilder();
    topics.values().forEach(wire::addTopics);
    return wire.build();
  }

  private static Error error(ErrorCode code) {
    return WireErrors.toWire(new JangadaException(code, "expected otherwise"));
  }
}
