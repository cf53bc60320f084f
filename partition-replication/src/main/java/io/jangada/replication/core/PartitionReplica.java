// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import java.util.ArrayList;
import java.util.List;

/**
 * The replica of one partition on one broker: its log as the core sees it, and the role it plays.
 *
 * <pre>
 * OFFLINE  → FOLLOWER   the metadata lists this broker, and knows this process' registration
 * OFFLINE  → LEADER     … and names it the leader
 * FOLLOWER → LEADER     elected
 * LEADER   → FOLLOWER   another leader, or none, in a newer leader epoch
 * LEADER   → LEADER     elected again in a newer leader epoch: all it knew is dropped
 * FOLLOWER → FOLLOWER   a newer leader epoch
 * any      → OFFLINE    not a replica any more, or stopped; a stopped replica stays so
 * </pre>
 *
 * Not thread-safe: one owner steps it.
 */
public final class PartitionReplica {
  private static final int NO_EPOCH = -1;
  private static final long NO_INDEX = -1;

  private final TopicIdPartition partition;
  private final int brokerId;
  private final ReplicaLog log;
  private final AttemptNumbers sessions;
  private final AttemptNumbers changeIds;
  private final Resignation resignation;
  private final List<PartitionEffect> effects = new ArrayList<>();
  private ReplicaConfig config;
  private ReplicaRole role;
  private int leaderId = PartitionAssignment.NO_LEADER;
  private long metadataIndex = NO_INDEX;
  private boolean stopped;

  /**
   * A replica that waits for metadata.
   *
   * @param brokerId this broker
   * @param recovered what is in the log; the replica takes its histories over
   */
  public PartitionReplica(
      TopicIdPartition partition, int brokerId, ReplicaConfig config, RecoveredLog recovered) {
    this(partition, brokerId, config, recovered, AttemptNumbers.NONE);
  }

  /**
   * The same, of a partition of which this process has had a replica before.
   *
   * @param attemptsAbove above all attempts of that one: late words to it are not for this one, and
   *     a leader takes a session with a lower number for an old one
   */
  public PartitionReplica(
      TopicIdPartition partition,
      int brokerId,
      ReplicaConfig config,
      RecoveredLog recovered,
      long attemptsAbove) {
    this.sessions = new AttemptNumbers(attemptsAbove);
    this.changeIds = new AttemptNumbers(attemptsAbove);
    this.partition = partition;
    this.brokerId = brokerId;
    this.config = config;
    this.log = new ReplicaLog(recovered);
    this.resignation = new Resignation(config.resignAfterMs());
    this.role = new OfflineReplica(log, NO_EPOCH, ErrorCode.NOT_LEADER);
  }

  /**
   * Acts on an event.
   *
   * @param nowMs a monotonic clock; never goes back
   * @return what to do, in this order. The list is the replica's own and is used again by the next
   *     step.
   */
  public List<PartitionEffect> step(PartitionEvent event, long nowMs) {
    effects.clear();
    if (!stopped && event instanceof PartitionEvent.MetadataChanged changed) {
      metadataChanged(changed, nowMs);
    } else if (!stopped && event instanceof PartitionEvent.Stop stop) {
      stopped = true;
      OfflineReplica offline = new OfflineReplica(log, role.leaderEpoch(), stop.code());
      transition(offline, PartitionAssignment.NO_LEADER, stop.code(), stop.reason(), nowMs);
    } else {
      if (event instanceof PartitionEvent.LagTimeSet(long lagTimeMaxMs)) {
        // For the leaders to come, too.
        config = config.withLagTimeMaxMs(lagTimeMaxMs);
      }
      role.step(event, nowMs, effects);
    }
    return effects;
  }

  /** Which partition this is a replica of. */
  public TopicIdPartition partition() {
    return partition;
  }

  /** The role it plays. */
  public ReplicaRole.Kind role() {
    return role.kind();
  }

  /** The leader as far as this replica knows, or {@link PartitionAssignment#NO_LEADER}. */
  public int leaderId() {
    return leaderId;
  }

  /** The leader epoch as far as this replica knows, -1 if none. */
  public int leaderEpoch() {
    return role.leaderEpoch();
  }

  /** The first offset there is. */
  public long logStartOffset() {
    return log.logStartOffset();
  }

  /** The offset after the last record. */
  public long logEndOffset() {
    return log.logEndOffset();
  }

  /** Up to where the log is fsynced; -1 right after the log was dropped. */
  public long durableLogEndOffset() {
    return log.durableLogEndOffset();
  }

  /** Records below it are committed. */
  public long highWatermark() {
    return log.highWatermark();
  }

  /** The generation that {@link PartitionEvent.LocalDurable} has to carry now. */
  public int generation() {
    return log.generation();
  }

  /** The epochs of the log; a live view, for the owner only. */
  public LeaderEpochHistory epochs() {
    return log.epochs();
  }

  /** The producers of the log; a live view, for the owner only. */
  public ProducerStates producers() {
    return log.producers();
  }

  /** The committed ISR as a leader knows it; empty unless this replica leads. */
  public List<Integer> isr() {
    return role instanceof LeaderReplica leader ? leader.isrState().committed() : List.of();
  }

  /** Whoever may be in the ISR, as a leader knows it; empty unless this replica leads. */
  public List<Integer> maximalIsr() {
    return role instanceof LeaderReplica leader ? leader.isrState().maximal() : List.of();
  }

  /** Whether {@link PartitionEvent.MetadataAdvanced} is waited for. */
  public boolean awaitsMetadata() {
    return role instanceof LeaderReplica leader && leader.awaitsMetadata();
  }

  /** What readers have to know, as of now. */
  public ReadView readView() {
    boolean known = role instanceof LeaderReplica leader && leader.highWatermarkKnown();
    return new ReadView(
        role.kind() == ReplicaRole.Kind.LEADER,
        role.leaderEpoch(),
        log.logStartOffset(),
        log.highWatermark(),
        log.logEndOffset(),
        known);
  }

  private void metadataChanged(PartitionEvent.MetadataChanged event, long nowMs) {
    PartitionAssignment assignment = event.assignment();
    if (assignment.metadataIndex() < metadataIndex) {
      return;
    }
    metadataIndex = assignment.metadataIndex();
    BrokerView self = assignment.replica(brokerId);
    if (self == null) {
      OfflineReplica offline =
          new OfflineReplica(log, assignment.leaderEpoch(), ErrorCode.NOT_LEADER);
      transition(
          offline, assignment.leaderId(), ErrorCode.NOT_LEADER, "not a replica any more", nowMs);
      return;
    }
    if (self.brokerEpoch() != event.brokerEpoch()) {
      // Rule 24: this is about an earlier incarnation, which may have had a longer log.
      return;
    }
    boolean sameEpoch =
        assignment.leaderEpoch() == role.leaderEpoch() && role.kind() != ReplicaRole.Kind.OFFLINE;
    if (sameEpoch && role instanceof LeaderReplica leader) {
      leader.assigned(assignment, nowMs, effects);
    } else if (!sameEpoch) {
      String reason = "elected broker " + assignment.leaderId();
      transition(roleFor(assignment), assignment.leaderId(), ErrorCode.NOT_LEADER, reason, nowMs);
    }
  }

  private ReplicaRole roleFor(PartitionAssignment assignment) {
    return assignment.leaderId() == brokerId
        ? new LeaderReplica(log, config, partition, brokerId, changeIds, resignation, assignment)
        : new FollowerReplica(
            log, config, sessions, assignment.leaderId(), assignment.leaderEpoch());
  }

  /** The one place where the role changes. */
  private void transition(
      ReplicaRole next, int nextLeaderId, ErrorCode code, String reason, long nowMs) {
    effects.add(
        new PartitionEffect.RoleChanged(next.kind(), nextLeaderId, next.leaderEpoch(), reason));
    switch (role) {
      case LeaderReplica leader -> leader.end(code, reason, effects);
      case FollowerReplica follower -> follower.end(effects);
      case OfflineReplica ignored -> {}
    }
    role = next;
    leaderId = nextLeaderId;
    switch (next) {
      case LeaderReplica leader -> leader.begin(nowMs, effects);
      case FollowerReplica follower -> follower.begin(effects);
      case OfflineReplica ignored -> {}
    }
  }
}
