// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.group;

import io.jangada.api.v1.CommitOffsetResult;
import io.jangada.api.v1.CommitOffsetsRequest;
import io.jangada.api.v1.CommitOffsetsResponse;
import io.jangada.api.v1.FetchOffsetsRequest;
import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupMember;
import io.jangada.api.v1.GroupOffset;
import io.jangada.api.v1.PartitionsOfTopic;
import io.jangada.api.v1.TopicPartitions;
import io.jangada.api.v1.TopicRef;
import io.jangada.client.CommittedOffset;
import io.jangada.client.internal.meters.ClientMeters;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a member commits, and what its group has. One commit is on its way at a time, so that an
 * older one never comes after a newer; what is asked for meanwhile becomes one commit, however
 * often it is asked for. Thread-safe; never blocks.
 */
public final class GroupOffsets {
  private final Membership membership;
  private final Coordinator coordinator;
  private final Duration patience;
  private final ClientMeters meters;
  private @Nullable Commit running;
  private @Nullable Commit waiting;

  private static final class Commit {
    final Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
    final CompletableFuture<Void> end = new CompletableFuture<>();
  }

  /**
   * Offsets of a member.
   *
   * @param patience how long each commit and each question is repeated
   */
  public GroupOffsets(
      Membership membership, Coordinator coordinator, Duration patience, ClientMeters meters) {
    this.membership = membership;
    this.coordinator = coordinator;
    this.patience = patience;
    this.meters = meters;
  }

  /** Commits; fails with a {@link JangadaException}. */
  public CompletableFuture<Void> commit(Map<TopicPartition, CommittedOffset> offsets) {
    if (offsets.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Commit mine;
    synchronized (this) {
      mine = waiting == null ? new Commit() : waiting;
      mine.offsets.putAll(offsets);
      if (running != null) {
        waiting = mine;
        return mine.end.copy();
      }
      running = mine;
    }
    send(mine);
    return mine.end.copy();
  }

  private void send(Commit commit) {
    CommitOffsetsRequest.Builder request = CommitOffsetsRequest.newBuilder();
    commit.offsets.forEach((partition, offset) -> request.addOffsets(toWire(partition, offset)));
    var unused =
        Coordinator.retrying(
                () ->
                    member()
                        .thenCompose(
                            member -> coordinator.commit(request.setMember(member).build())),
                patience,
                GroupOffsets::mayPass)
            .whenComplete(
                (answer, failure) -> {
                  next();
                  JangadaException why =
                      failure == null ? refusalIn(answer) : Coordinator.typed(failure);
                  if (why == null) {
                    meters.commits.increment();
                    commit.end.complete(null);
                  } else {
                    meters.commitsFailed.increment();
                    commit.end.completeExceptionally(why);
                  }
                });
  }

  private void next() {
    Commit next;
    synchronized (this) {
      next = waiting;
      running = next;
      waiting = null;
    }
    if (next != null) {
      send(next);
    }
  }

  private static @Nullable JangadaException refusalIn(CommitOffsetsResponse answer) {
    for (CommitOffsetResult result : answer.getResultsList()) {
      if (result.hasError()) {
        JangadaException why = WireErrors.fromWire(result.getError());
        return new JangadaException(
            why.code(),
            result.getTopic().getName() + "-" + result.getPartition() + ": " + why.getMessage(),
            why.hint(),
            false,
            why);
      }
    }
    return null;
  }

  /** What the group has committed of these; fails with a {@link JangadaException}. */
  public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(
      Collection<TopicPartition> partitions) {
    Map<String, PartitionsOfTopic.Builder> topics = new LinkedHashMap<>();
    for (TopicPartition each : partitions) {
      topics
          .computeIfAbsent(
              each.topic(), name -> PartitionsOfTopic.newBuilder().setTopic(topic(name)))
          .addPartitions(each.partition());
    }
    TopicPartitions.Builder asked = TopicPartitions.newBuilder();
    topics.values().forEach(asked::addTopics);
    FetchOffsetsRequest.Builder request = FetchOffsetsRequest.newBuilder().setPartitions(asked);
    return Coordinator.retrying(
            () ->
                coordinator.fetch(
                    request.setMember(membership.identity().orElse(membership.nobody())).build()),
            patience,
            GroupOffsets::mayPass)
        .thenApply(GroupOffsets::offsets);
  }

  private static Map<TopicPartition, CommittedOffset> offsets(FetchOffsetsResponse answer) {
    Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
    for (GroupOffset each : answer.getOffsetsList()) {
      if (each.getOffset() >= 0) {
        offsets.put(
            new TopicPartition(each.getTopic().getName(), each.getPartition()),
            new CommittedOffset(
                each.getOffset(),
                each.hasLeaderEpoch() ? each.getLeaderEpoch() : CommittedOffset.UNKNOWN_EPOCH,
                each.getMetadata()));
      }
    }
    return offsets;
  }

  /** Asked anew each time: its epoch moves on. */
  private CompletableFuture<GroupMember> member() {
    Optional<GroupMember> member = membership.identity();
    return member
        .map(CompletableFuture::completedFuture)
        .orElseGet(
            () ->
                CompletableFuture.failedFuture(
                    new JangadaException(
                        ErrorCode.UNKNOWN_MEMBER,
                        "expected to be a member of the group, but it has not joined, or not again",
                        "poll, which joins")));
  }

  private static boolean mayPass(JangadaException why) {
    return why.retriable() || why.code() == ErrorCode.STALE_MEMBER_EPOCH;
  }

  private static GroupOffset toWire(TopicPartition partition, CommittedOffset offset) {
    GroupOffset.Builder wire =
        GroupOffset.newBuilder()
            .setTopic(topic(partition.topic()))
            .setPartition(partition.partition())
            .setOffset(offset.offset())
            .setMetadata(offset.metadata());
    if (offset.leaderEpoch() != CommittedOffset.UNKNOWN_EPOCH) {
      wire.setLeaderEpoch(offset.leaderEpoch());
    }
    return wire.build();
  }

  private static TopicRef topic(String name) {
    return TopicRef.newBuilder().setName(name).build();
  }
}
