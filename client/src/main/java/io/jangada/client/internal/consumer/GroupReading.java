// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.jangada.api.v1.GroupSubscription;
import io.jangada.client.CommittedOffset;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.GroupConfig;
import io.jangada.client.RebalanceListener;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.group.Coordinator;
import io.jangada.client.internal.group.GroupOffsets;
import io.jangada.client.internal.group.Membership;
import io.jangada.client.internal.net.Signal;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what a consumer reads what its group wants it to read: gives up first, after committing,
 * and takes on only with the position that the group has committed. For the polling thread; the
 * membership itself lives in the background.
 */
final class GroupReading {
  private static final Logger LOG = LoggerFactory.getLogger(GroupReading.class);

  /** What leaving waits for: the last commit, and then the goodbye. */
  private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(5);

  private final GroupConfig config;
  private final Shared shared;
  private final AssignedPartitions partitions;
  private final Signal signal;
  private final Membership membership;
  private final GroupOffsets offsets;
  private RebalanceListener listener;
  private @Nullable Arrival arrival;
  private volatile Map<TopicPartition, CommittedOffset> committed = Map.of();
  private long committedAtNanos;
  private boolean calling;

  /** Partitions that are to be taken on once it is known from where. */
  private record Arrival(
      Set<TopicPartition> added,
      CompletableFuture<Map<TopicPartition, CommittedOffset>> committed) {}

  /** A member that joins at once. */
  GroupReading(
      ConsumerConfig consumer,
      GroupConfig config,
      GroupSubscription subscription,
      RebalanceListener listener,
      Shared shared,
      AssignedPartitions partitions,
      Signal signal) {
    this.config = config;
    this.shared = shared;
    this.partitions = partitions;
    this.signal = signal;
    this.listener = listener;
    this.committedAtNanos = System.nanoTime();
    Coordinator coordinator = new Coordinator(shared);
    this.membership =
        new Membership(
            config, consumer.rack(), subscription, coordinator, shared.meters(), signal::raise);
    this.offsets =
        new GroupOffsets(
            membership, coordinator, shared.config().requestTimeout(), shared.meters());
    membership.join();
  }

  GroupConfig config() {
    return config;
  }

  /** Wants other topics from now on, and tells somebody else. */
  void subscribe(GroupSubscription subscription, RebalanceListener newListener) {
    requireNotCalling();
    listener = newListener;
    membership.subscribe(subscription);
  }

  /**
   * Does what can be done now, before records are returned.
   *
   * @throws JangadaException if the group will not have this member
   */
  void advance(long nowNanos) {
    requireNotCalling();
    membership.polled(nowNanos);
    JangadaException refusal = membership.refusal();
    if (refusal != null || membership.out()) {
      arrival = null;
      lose();
      if (refusal != null) {
        throw refusal;
      }
      membership.join();
      return;
    }
    autoCommit(nowNanos);
    Arrival waiting = arrival;
    if (waiting != null && waiting.committed().isDone()) {
      arrival = null;
      arrive(waiting);
    }
    membership.target().ifPresent(this::reconcile);
  }

  private void reconcile(Set<TopicPartition> target) {
    Set<TopicPartition> owned = partitions.names();
    Set<TopicPartition> gone = minus(owned, target);
    if (!gone.isEmpty()) {
      commitBefore("giving partitions up", shared.config().requestTimeout());
      call(told -> told.onRevoked(gone), () -> giveUp(gone));
    }
    Set<TopicPartition> added = minus(target, owned);
    if (!added.isEmpty() && arrival == null) {
      arrival = new Arrival(added, offsets.committed(added));
      var unused = arrival.committed().whenComplete((found, failure) -> signal.raise());
    }
  }

  private void giveUp(Set<TopicPartition> gone) {
    shared.meters().rebalances.increment();
    partitions.retain(minus(partitions.names(), gone));
    membership.gaveUp(gone);
  }

  private void arrive(Arrival waiting) {
    Map<TopicPartition, CommittedOffset> found;
    try {
      found = waiting.committed().get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      JangadaException why = typed(e);
      LOG.debug("{}: no committed offsets yet: {}", config.groupId(), why.getMessage());
      if (lostIn(why)) {
        membership.doubt();
      } else if (!why.retriable()) {
        throw why;
      }
      return; // asked again, if the group still wants it
    }
    Set<TopicPartition> taken = membership.takeOn(waiting.added());
    if (taken.isEmpty()) {
      return;
    }
    taken.forEach(each -> partitions.add(each, found.get(each)));
    shared.meters().rebalances.increment();
    LOG.debug("{}: assigned {}", config.groupId(), taken);
    call(told -> told.onAssigned(taken), () -> {});
  }

  private void lose() {
    Set<TopicPartition> lost = partitions.names();
    if (lost.isEmpty()) {
      return;
    }
    LOG.warn("{}: lost {}, which others may read", config.groupId(), lost);
    shared.meters().partitionsLost.add(lost.size());
    call(told -> told.onLost(lost), () -> partitions.retain(Set.of()));
  }

  /** Leaves the group: what it read is given up in order. */
  void leave() {
    requireNotCalling();
    arrival = null;
    try {
      if (membership.refusal() != null || membership.out()) {
        lose();
        return;
      }
      Set<TopicPartition> all = partitions.names();
      if (!all.isEmpty()) {
        commitBefore("leaving", LEAVE_PATIENCE);
        call(told -> told.onRevoked(all), () -> partitions.retain(Set.of()));
      }
    } finally {
      partitions.retain(Set.of());
      try {
        await(membership.leave(), LEAVE_PATIENCE);
      } catch (JangadaException e) {
        LOG.debug("{}: left without an answer", config.groupId(), e);
      }
    }
  }

  // Commits.

  private boolean commitsItself() {
    return !config.autoCommitInterval().isZero();
  }

  /** What earlier polls returned counts as processed. */
  private void autoCommit(long nowNanos) {
    if (!commitsItself() || nowNanos - committedAtNanos < config.autoCommitInterval().toNanos()) {
      return;
    }
    committedAtNanos = nowNanos;
    Map<TopicPartition, CommittedOffset> positions = partitions.positions();
    if (positions.isEmpty() || positions.equals(committed)) {
      return;
    }
    committed = positions;
    var unused =
        commit(positions)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    committed = Map.of();
                    LOG.warn("{}: an automatic commit failed", config.groupId(), failure);
                  }
                });
  }

  private void commitBefore(String what, Duration patience) {
    if (!commitsItself()) {
      return;
    }
    try {
      await(commit(partitions.positions()), patience);
    } catch (JangadaException e) {
      LOG.warn("{}: the commit before {} failed", config.groupId(), what, e);
    }
    committed = Map.of();
  }

  /** Commits the positions, and waits. */
  void commitSync() {
    commitSync(partitions.positions());
  }

  /** Commits these, and waits. */
  void commitSync(Map<TopicPartition, CommittedOffset> wanted) {
    await(commit(wanted), shared.config().requestTimeout());
  }

  /** Commits the positions. */
  CompletableFuture<Void> commit() {
    return commit(partitions.positions());
  }

  /** Commits these. */
  CompletableFuture<Void> commit(Map<TopicPartition, CommittedOffset> wanted) {
    return offsets
        .commit(wanted)
        .whenComplete(
            (done, failure) -> {
              if (failure != null && lostIn(failure)) {
                membership.doubt();
              }
            });
  }

  /** What the group has committed. */
  Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> wanted) {
    return await(offsets.committed(wanted), shared.config().requestTimeout());
  }

  private static boolean lostIn(Throwable failure) {
    Throwable cause = failure instanceof JangadaException ? failure : failure.getCause();
    return cause instanceof JangadaException typed
        && (typed.code() == ErrorCode.UNKNOWN_MEMBER
            || typed.code() == ErrorCode.FENCED_MEMBER_EPOCH);
  }

  // Calling out and waiting.

  /** The change is made whatever the listener throws. */
  private void call(Consumer<RebalanceListener> what, Runnable change) {
    calling = true;
    try {
      what.accept(listener);
    } finally {
      calling = false;
      change.run();
    }
  }

  private void requireNotCalling() {
    if (calling) {
      throw new IllegalStateException("a rebalance listener may not poll, subscribe or close");
    }
  }

  private static <T> T await(CompletableFuture<T> future, Duration patience) {
    try {
      return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw typed(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (TimeoutException e) {
      throw new JangadaException(
          ErrorCode.REQUEST_TIMED_OUT,
          "expected the group's coordinator to answer within " + patience + ", but it did not",
          "look at the group: jangada group describe",
          false,
          e);
    }
  }

  private static JangadaException typed(ExecutionException failure) {
    if (failure.getCause() instanceof JangadaException typed) {
      return typed;
    }
    throw new IllegalStateException("calls fail with typed errors only", failure);
  }

  private static JangadaException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new JangadaException(
        ErrorCode.REQUEST_TIMED_OUT,
        "expected time for the group's coordinator to answer, but the thread was interrupted",
        "",
        false,
        e);
  }

  private static Set<TopicPartition> minus(Set<TopicPartition> of, Set<TopicPartition> without) {
    Set<TopicPartition> rest = new HashSet<>(of);
    rest.removeAll(without);
    return Set.copyOf(rest);
  }
}
