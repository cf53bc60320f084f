// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.group;

import io.jangada.api.v1.GroupHeartbeatRequest;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.GroupMember;
import io.jangada.api.v1.GroupSubscription;
import io.jangada.api.v1.PartitionsOfTopic;
import io.jangada.api.v1.TopicPartitions;
import io.jangada.api.v1.TopicRef;
import io.jangada.client.GroupConfig;
import io.jangada.client.internal.meters.ClientMeters;
import io.jangada.client.internal.net.Backoff;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a group (KIP-848), kept alive by heartbeats whether somebody polls or not.
 *
 * <pre>
 *   JOINING --told its epoch--------------------> MEMBER
 *   JOINING, MEMBER --the group has forgotten it-> OUT --rejoin--> JOINING
 *   JOINING, MEMBER --nobody polls, so it leaves-> OUT
 *   JOINING, MEMBER --refused for good----------> REFUSED
 *   any --leave---------------------------------> LEFT
 * </pre>
 *
 * <p>What it is to read ({@link #target}) is taken in by the polling thread, which says what it
 * reads ({@link #takeOn}, {@link #gaveUp}). Thread-safe; never blocks, and calls out with no lock
 * held.
 */
public final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final int JOINS = 0;
  private static final int LEAVES = -1;
  private static final int LEAVES_FOR_A_WHILE = -2;

  private enum State {
    JOINING,
    MEMBER,
    OUT,
    REFUSED,
    LEFT
  }

  private final GroupConfig config;
  private final String rack;
  private final Coordinator coordinator;
  private final ClientMeters meters;
  private final Runnable onChange;
  private final String memberId = UUID.randomUUID().toString();
  private final Backoff backoff = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1));

  private State state = State.JOINING;
  private GroupSubscription subscription;
  private @Nullable GroupSubscription toldSubscription;
  private int epoch = JOINS;
  private boolean tellAll = true;
  private Set<TopicPartition> owned = Set.of();

  /** What it has said last that it reads; null: it has been told since what to read. */
  private @Nullable Set<TopicPartition> told;

  private @Nullable Set<TopicPartition> target;
  private Map<String, TopicRef> topics = Map.of();
  private @Nullable JangadaException refusal;
  private boolean inFlight;
  private boolean dueAgain;
  private long turn;
  private long timer;
  private long polledAtNanos;

  /**
   * A member that has not joined yet.
   *
   * @param onChange called, on any thread, when the polling thread has something to see
   */
  public Membership(
      GroupConfig config,
      String rack,
      GroupSubscription subscription,
      Coordinator coordinator,
      ClientMeters meters,
      Runnable onChange) {
    this.config = config;
    this.rack = rack;
    this.subscription = subscription;
    this.coordinator = coordinator;
    this.meters = meters;
    this.onChange = onChange;
  }

  // What the polling thread says and asks.

  /** Joins, for the first time or again. It owns nothing. */
  public void join() {
    long mine;
    synchronized (this) {
      if (state == State.LEFT) {
        return;
      }
      state = State.JOINING;
      epoch = JOINS;
      tellAll = true;
      owned = Set.of();
      target = null;
      inFlight = false;
      polledAtNanos = System.nanoTime();
      mine = ++turn;
    }
    beat(mine);
  }

  /** Wants other topics. */
  public void subscribe(GroupSubscription wanted) {
    synchronized (this) {
      if (wanted.equals(subscription)) {
        return;
      }
      subscription = wanted;
    }
    beatNow();
  }

  /** Somebody polls. */
  public synchronized void polled(long nowNanos) {
    polledAtNanos = nowNanos;
  }

  /** These are not read any more, and others may read them. Told to the group at once. */
  public void gaveUp(Set<TopicPartition> partitions) {
    synchronized (this) {
      Set<TopicPartition> kept = new HashSet<>(owned);
      kept.removeAll(partitions);
      owned = Set.copyOf(kept);
    }
    beatNow();
  }

  /**
   * These may be read from now on, where the group still wants it. Told to the group at once, and
   * never after it was told otherwise: from here on it waits until they are given up.
   *
   * @return those of them that may
   */
  public Set<TopicPartition> takeOn(Set<TopicPartition> partitions) {
    Set<TopicPartition> wanted = new HashSet<>(partitions);
    synchronized (this) {
      wanted.retainAll(target == null ? Set.of() : target);
      Set<TopicPartition> all = new HashSet<>(owned);
      all.addAll(wanted);
      owned = Set.copyOf(all);
    }
    beatNow();
    return Set.copyOf(wanted);
  }

  /** What is to be read; empty: nothing has been said since it joined. */
  public synchronized Optional<Set<TopicPartition>> target() {
    return Optional.ofNullable(target);
  }

  /** Whether it has to {@link #join} again, and what it read is lost. */
  public synchronized boolean out() {
    return state == State.OUT;
  }

  /** Why it is no member and will not be; null: it may be. */
  public synchronized @Nullable JangadaException refusal() {
    return refusal;
  }

  /** Somebody has heard that the group does not know it: it finds out itself. */
  public void doubt() {
    beatNow();
  }

  /** Who it is to the group, if that knows it. */
  synchronized Optional<GroupMember> identity() {
    return state == State.MEMBER ? Optional.of(identity(epoch)) : Optional.empty();
  }

  /** Who asks about the group without being in it. */
  GroupMember nobody() {
    return GroupMember.newBuilder().setGroupId(config.groupId()).build();
  }

  /** Leaves, for good. Completes when the group knows it, or does not answer. */
  public CompletableFuture<Void> leave() {
    synchronized (this) {
      if (state != State.JOINING && state != State.MEMBER) {
        state = State.LEFT;
        return CompletableFuture.completedFuture(null);
      }
      state = State.LEFT;
      turn++;
    }
    return sayGoodbye(config.instanceId().isEmpty() ? LEAVES : LEAVES_FOR_A_WHILE);
  }

  private CompletableFuture<Void> sayGoodbye(int how) {
    GroupHeartbeatRequest request =
        GroupHeartbeatRequest.newBuilder().setMember(identity(how)).build();
    return coordinator
        .heartbeat(request)
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                LOG.debug("{}: left without an answer", config.groupId(), failure);
              }
              return null;
            });
  }

  private GroupMember identity(int atEpoch) {
    return GroupMember.newBuilder()
        .setGroupId(config.groupId())
        .setMemberId(memberId)
        .setMemberEpoch(atEpoch)
        .setInstanceId(config.instanceId())
        .build();
  }

  // Heartbeats.

  private void beatNow() {
    long mine;
    synchronized (this) {
      mine = turn;
    }
    beat(mine);
  }

  /** Sends one, unless its turn is over, or one is on its way: then another follows at once. */
  private void beat(long mine) {
    GroupHeartbeatRequest request;
    boolean tooLate = false;
    Set<TopicPartition> says;
    synchronized (this) {
      if (mine != turn || (state != State.JOINING && state != State.MEMBER)) {
        return;
      }
      if (inFlight) {
        dueAgain = true;
        return;
      }
      if (System.nanoTime() - polledAtNanos > config.maxPollInterval().toNanos()) {
        state = State.OUT;
        turn++;
        tooLate = true;
      } else {
        inFlight = true;
        dueAgain = false;
      }
      says = owned;
      request = request();
    }
    if (tooLate) {
      LOG.warn(
          "{}: nobody has polled for {}, so the member leaves its group",
          config.groupId(),
          config.maxPollInterval());
      var unused = sayGoodbye(LEAVES);
      onChange.run();
      return;
    }
    meters.heartbeats.increment();
    var unused =
        coordinator
            .heartbeat(request)
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    answered(mine, says, request, answer);
                  } else {
                    failed(mine, Coordinator.typed(failure));
                  }
                });
  }

  /** With the lock held. */
  private GroupHeartbeatRequest request() {
    GroupHeartbeatRequest.Builder request =
        GroupHeartbeatRequest.newBuilder()
            .setMember(identity(epoch))
            .setClientId(config.clientId())
            .setRack(rack)
            .setAssignor(config.assignor());
    if (tellAll) {
      request.setRebalanceTimeoutMs(
          (int) Math.min(Integer.MAX_VALUE, config.maxPollInterval().toMillis()));
    }
    if (tellAll || !subscription.equals(toldSubscription)) {
      request.setSubscription(subscription);
    }
    if (tellAll || !owned.equals(told)) {
      request.setOwned(toWire(owned));
    }
    return request.build();
  }

  private void answered(
      long mine,
      Set<TopicPartition> says,
      GroupHeartbeatRequest request,
      GroupHeartbeatResponse answer) {
    long delayNanos;
    synchronized (this) {
      if (mine != turn) {
        return;
      }
      inFlight = false;
      state = State.MEMBER;
      backoff.reset();
      tellAll = false;
      if (request.hasSubscription()) {
        // Not what is wanted by now, perhaps.
        toldSubscription = request.getSubscription();
      }
      told = says;
      epoch = answer.getMemberEpoch();
      boolean nothingToDo = false;
      if (answer.hasAssignment()) {
        Set<TopicPartition> wanted = fromWire(answer.getAssignment());
        target = wanted;
        told = null;
        nothingToDo = wanted.equals(owned);
      }
      // The group waits for a word on what it has said.
      boolean now = dueAgain || nothingToDo;
      delayNanos =
          now ? 0 : TimeUnit.MILLISECONDS.toNanos(Math.max(1, answer.getHeartbeatIntervalMs()));
    }
    onChange.run();
    schedule(mine, delayNanos);
  }

  private void failed(long mine, JangadaException why) {
    meters.heartbeatsFailed.increment();
    long delayNanos = 0;
    boolean again = false;
    synchronized (this) {
      if (mine != turn) {
        return;
      }
      inFlight = false;
      // It may have been carried out: the next one says everything, so that nothing is missed.
      tellAll = true;
      switch (why.code()) {
        case UNKNOWN_MEMBER, FENCED_MEMBER_EPOCH -> {
          state = State.OUT;
          turn++;
        }
        case UNRELEASED_INSTANCE -> refuse(why);
        default -> {
          if (why.retriable()) {
            again = true;
            delayNanos = backoff.nextNanos();
          } else {
            refuse(why);
          }
        }
      }
    }
    LOG.debug("{}: a heartbeat failed: {}", config.groupId(), why.getMessage());
    if (again) {
      schedule(mine, delayNanos);
    } else {
      onChange.run();
    }
  }

  /** With the lock held. */
  private void refuse(JangadaException why) {
    state = State.REFUSED;
    refusal = why;
    turn++;
  }

  /** One timer at a time: an earlier one that is still to come does nothing then. */
  private void schedule(long mine, long delayNanos) {
    if (delayNanos == 0) {
      beat(mine);
      return;
    }
    long own;
    synchronized (this) {
      own = ++timer;
    }
    Coordinator.later(
        delayNanos,
        () -> {
          if (isCurrent(own)) {
            beat(mine);
          }
        });
  }

  private synchronized boolean isCurrent(long own) {
    return own == timer;
  }

  /** With the lock held. Under the ids that the group gave them. */
  private TopicPartitions toWire(Set<TopicPartition> partitions) {
    Map<String, PartitionsOfTopic.Builder> byTopic = new LinkedHashMap<>();
    for (TopicPartition each : partitions) {
      byTopic
          .computeIfAbsent(
              each.topic(),
              name ->
                  PartitionsOfTopic.newBuilder()
                      .setTopic(
                          topics.getOrDefault(name, TopicRef.newBuilder().setName(name).build())))
          .addPartitions(each.partition());
    }
    TopicPartitions.Builder wire = TopicPartitions.newBuilder();
    byTopic.values().forEach(wire::addTopics);
    return wire.build();
  }

  /** With the lock held. What has no name is gone, and there is nothing to read. */
  private Set<TopicPartition> fromWire(TopicPartitions wire) {
    Map<String, TopicRef> refs = new HashMap<>(topics);
    Set<TopicPartition> partitions = new HashSet<>();
    for (PartitionsOfTopic topic : wire.getTopicsList()) {
      String name = topic.getTopic().getName();
      if (!name.isEmpty()) {
        refs.put(name, topic.getTopic());
        topic.getPartitionsList().forEach(p -> partitions.add(new TopicPartition(name, p)));
      }
    }
    topics = Map.copyOf(refs);
    return Set.copyOf(partitions);
  }
}
