// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Members of consumer groups and how far they have read, in words of no protocol: what a front door
 * needs whose clients are members by KIP-848. Thread-safe; never blocks. Futures fail with a {@link
 * JangadaException}: NOT_COORDINATOR or COORDINATOR_LOADING above all, which had no effect.
 */
public interface GroupService {
  /** The epoch of who joins. */
  int JOINS = 0;

  /** The epoch of who leaves. */
  int LEAVES = -1;

  /** The epoch of who leaves for a while, under an instance id. */
  int LEAVES_FOR_A_WHILE = -2;

  /** The leader epoch of an offset is not known. */
  int NO_LEADER_EPOCH = -1;

  /**
   * A member lives, joins or leaves, and is told its partitions. Completes when what it changes is
   * committed.
   *
   * @return fails with UNKNOWN_MEMBER or FENCED_MEMBER_EPOCH where the member has lost its
   *     partitions, and else as it says: GROUP_FULL, INCONSISTENT_GROUP_PROTOCOL,
   *     UNRELEASED_INSTANCE, FENCED_INSTANCE, INVALID_REQUEST
   */
  CompletableFuture<Membership> heartbeat(Caller caller, MemberHeartbeat heartbeat);

  /**
   * Commits offsets of topics that exist. Completes when they can no longer be lost.
   *
   * @return what was refused, and why; fails as a whole with UNKNOWN_MEMBER or STALE_MEMBER_EPOCH
   */
  CompletableFuture<Map<NamedPartition, JangadaException>> commit(
      Caller caller, GroupMember member, List<GroupOffset> offsets);

  /**
   * What the group has committed.
   *
   * @param partitions of these; null: of all for which there is one
   * @return those that are committed; fails with UNKNOWN_MEMBER or STALE_MEMBER_EPOCH
   */
  CompletableFuture<List<GroupOffset>> committed(
      Caller caller, GroupMember member, @Nullable List<NamedPartition> partitions);

  /**
   * Who calls, for people.
   *
   * @param clientId what it calls itself; may be empty
   * @param address where the call came from
   */
  record Caller(String clientId, InetAddress address) {}

  /**
   * Who asks, as its group knows it.
   *
   * @param memberId empty: nobody of the group
   * @param epoch that it was told last, or one of {@link #JOINS}, {@link #LEAVES} and {@link
   *     #LEAVES_FOR_A_WHILE}
   * @param instanceId outlives the process (KIP-345); empty: none
   */
  record GroupMember(String groupId, String memberId, int epoch, String instanceId) {}

  /**
   * A sign of life, and what has changed.
   *
   * @param rack where it is; empty: unknown
   * @param rebalanceTimeoutMs how long the group waits for it to give partitions up; null: as
   *     before
   * @param subscription null: as before
   * @param owned what it reads; null: as before
   * @param assignor of KIP-848; empty: any
   */
  record MemberHeartbeat(
      GroupMember member,
      String rack,
      @Nullable Integer rebalanceTimeoutMs,
      @Nullable Subscription subscription,
      @Nullable Set<TopicIdPartition> owned,
      String assignor) {}

  /**
   * What a member wants to read.
   *
   * @param topics by name, whether they exist or not
   * @param regex of further topics, in RE2's syntax; empty: none
   */
  record Subscription(List<String> topics, String regex) {}

  /**
   * What a member is told.
   *
   * @param epoch to ask with from now on
   * @param heartbeatIntervalMs when it is to be heard of again
   * @param assignment what it is to read; null: as before
   */
  record Membership(
      int epoch, int heartbeatIntervalMs, @Nullable Set<TopicIdPartition> assignment) {}

  /**
   * A partition as groups know it: by the topic's name.
   *
   * @param topicId null where it was not said
   */
  record NamedPartition(@Nullable UUID topicId, String topic, int partition) {}

  /**
   * How far a partition has been read.
   *
   * @param offset the next one to be read
   * @param leaderEpoch of the last record read, or {@link #NO_LEADER_EPOCH}
   * @param metadata whatever the reader keeps with it
   */
  record GroupOffset(NamedPartition partition, long offset, int leaderEpoch, String metadata) {}
}
