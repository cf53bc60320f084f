// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import io.jangada.record.RecordBatch;
import java.util.List;

/**
 * A follower in one leader epoch: subscribes, truncates until its log continues the leader's,
 * appends what is pushed, and acknowledges what is durable.
 *
 * <pre>
 * WAITING      → SUBSCRIBING   there is a leader and the backoff is over
 * SUBSCRIBING  → STREAMING     Ok
 * SUBSCRIBING  → SUBSCRIBING   Diverged: truncated, asked again; BelowLogStart: log dropped, asked again
 * SUBSCRIBING  → WAITING       Fenced, NotYetLeader, UnknownTopicId, or the stream broke
 * STREAMING    → SUBSCRIBING   the leader goes on on another channel
 * STREAMING    → WAITING       the stream broke, or a batch did not continue the log
 * </pre>
 *
 * Nothing the follower knows outlives the leader epoch but its log (KIP-595): a new epoch is a new
 * object. It never truncates to the high watermark (KIP-101).
 */
final class FollowerReplica implements ReplicaRole {
  private enum Phase {
    WAITING,
    SUBSCRIBING,
    STREAMING
  }

  private final ReplicaLog log;
  private final ReplicaConfig config;
  private final AttemptNumbers sessions;
  private final int leaderId;
  private final int leaderEpoch;
  private Phase phase = Phase.WAITING;
  private long session = AttemptNumbers.NONE;
  private long retryAtMs;

  /** Subscribes at once if there is a leader. */
  FollowerReplica(
      ReplicaLog log,
      ReplicaConfig config,
      AttemptNumbers sessions,
      int leaderId,
      int leaderEpoch) {
    this.log = log;
    this.config = config;
    this.sessions = sessions;
    this.leaderId = leaderId;
    this.leaderEpoch = leaderEpoch;
  }

  /** Called once, when the role begins. */
  void begin(List<PartitionEffect> out) {
    // An epoch in which this replica led and appended nothing is none that its log has seen.
    log.epochs().truncateFrom(log.logEndOffset());
    if (leaderId != PartitionAssignment.NO_LEADER) {
      subscribe(out);
    }
  }

  /** Called once, when the role ends. */
  void end(List<PartitionEffect> out) {
    if (phase != Phase.WAITING) {
      out.add(new PartitionEffect.Unsubscribe(session));
    }
    phase = Phase.WAITING;
    session = AttemptNumbers.NONE;
  }

  int leaderId() {
    return leaderId;
  }

  @Override
  public Kind kind() {
    return Kind.FOLLOWER;
  }

  @Override
  public int leaderEpoch() {
    return leaderEpoch;
  }

  @Override
  public void step(PartitionEvent event, long nowMs, List<PartitionEffect> out) {
    switch (event) {
      case PartitionEvent.SubscribeAnswered answered -> {
        if (answered.session() == session && phase == Phase.SUBSCRIBING) {
          answered(answered.answer(), nowMs, out);
        }
      }
      case PartitionEvent.Replicated replicated -> {
        if (replicated.session() == session && phase == Phase.STREAMING) {
          replicated(replicated, nowMs, out);
        }
      }
      case PartitionEvent.StreamMoved moved -> {
        if (moved.session() == session && phase == Phase.STREAMING) {
          subscribe(out);
        }
      }
      case PartitionEvent.StreamLost lost -> {
        if (lost.session() == session) {
          waitAndRetry(nowMs);
        }
      }
      case PartitionEvent.LocalDurable durable -> {
        if (log.durable(durable.endOffset(), durable.generation())) {
          acknowledge(out);
        }
      }
      case PartitionEvent.Tick ignored -> tick(nowMs, out);
      case PartitionEvent.ForLeader request ->
          NotLeading.refuse(request, leaderEpoch, ErrorCode.NOT_LEADER, out);
      case PartitionEvent.ForReplica ignored -> {}
    }
  }

  private void tick(long nowMs, List<PartitionEffect> out) {
    log.producers().expire(nowMs - config.producerExpiryMs());
    if (phase == Phase.WAITING && leaderId != PartitionAssignment.NO_LEADER && nowMs >= retryAtMs) {
      subscribe(out);
    }
  }

  private void subscribe(List<PartitionEffect> out) {
    phase = Phase.SUBSCRIBING;
    session = sessions.next();
    out.add(
        new PartitionEffect.Subscribe(
            session, leaderId, leaderEpoch, log.logEndOffset(), log.epochs().lastEpoch()));
  }

  private void waitAndRetry(long nowMs) {
    phase = Phase.WAITING;
    session = AttemptNumbers.NONE;
    retryAtMs = nowMs + config.retryBackoffMs();
  }

  private void answered(SubscribeAnswer answer, long nowMs, List<PartitionEffect> out) {
    switch (answer) {
      case SubscribeAnswer.Ok ignored -> {
        phase = Phase.STREAMING;
        // The leader knows nothing of this session yet, not even what was durable before it.
        acknowledge(out);
      }
      case SubscribeAnswer.Diverged diverged -> {
        if (truncate(diverged, out)) {
          subscribe(out);
        } else {
          waitAndRetry(nowMs);
        }
      }
      case SubscribeAnswer.BelowLogStart below -> {
        reset(below.logStartOffset(), out);
        subscribe(out);
      }
      case SubscribeAnswer.Fenced ignored -> waitAndRetry(nowMs);
      case SubscribeAnswer.NotYetLeader ignored -> waitAndRetry(nowMs);
      case SubscribeAnswer.UnknownTopicId ignored -> waitAndRetry(nowMs);
    }
  }

  /**
   * KIP-279: the smaller of the leader's end of that epoch and our own; then ask again. Where our
   * log lacks that epoch, only our own end of the epoch before it says anything: the leader's may
   * lie inside one of our batches, and what it says of our epoch we are about to ask.
   *
   * @return false if nothing had to go, which no leader in its right mind asks for
   */
  private boolean truncate(SubscribeAnswer.Diverged diverged, List<PartitionEffect> out) {
    int ownEpoch = log.epochs().floorEpoch(diverged.epoch());
    long ownEnd =
        ownEpoch == LeaderEpochHistory.NO_EPOCH
            ? log.logStartOffset()
            : log.epochs().endOffsetOf(ownEpoch, log.logEndOffset());
    long to = ownEpoch == diverged.epoch() ? Math.min(diverged.endOffset(), ownEnd) : ownEnd;
    // Nothing in common: what the leader has begins where it says. Cutting our log to nothing
    // instead would take the high watermark back, below what the leader has deleted (KIP-107).
    boolean nothingInCommon = diverged.epoch() == LeaderEpochHistory.NO_EPOCH;
    if (nothingInCommon
        || to < log.logStartOffset()
        || log.logStartOffset() == log.logEndOffset()) {
      reset(diverged.endOffset(), out);
      return true;
    }
    if (to < log.logEndOffset()) {
      log.truncate(to);
      out.add(new PartitionEffect.Truncate(to, log.generation()));
      return true;
    }
    return false;
  }

  private void reset(long to, List<PartitionEffect> out) {
    log.reset(to);
    out.add(new PartitionEffect.ResetLog(to, log.generation()));
  }

  private void replicated(
      PartitionEvent.Replicated replicated, long nowMs, List<PartitionEffect> out) {
    List<RecordBatch> batches = replicated.batches();
    for (int i = 0; i < batches.size(); i++) {
      RecordBatch batch = fromLogEnd(batches.get(i));
      if (beginsLogInside(batch)) {
        reset(batch.baseOffset(), out);
      }
      if (!continuesLog(batch)) {
        out.add(new PartitionEffect.Unsubscribe(session));
        waitAndRetry(nowMs);
        return;
      }
      log.append(batch, nowMs);
      out.add(new PartitionEffect.AppendToLog(batch));
    }
    if (log.advanceHighWatermark(replicated.highWatermark())) {
      out.add(new PartitionEffect.HighWatermarkAdvanced(log.highWatermark()));
    }
    if (log.advanceLogStart(Math.min(replicated.logStartOffset(), log.highWatermark()))) {
      out.add(new PartitionEffect.AdvanceLogStart(log.logStartOffset()));
    }
  }

  /**
   * Compaction leaves one batch without records for many, and our log may end where one of those
   * ended: then the rest of it goes on from there.
   */
  private RecordBatch fromLogEnd(RecordBatch batch) {
    long end = log.logEndOffset();
    return batch.baseOffset() < end && batch.nextOffset() > end && batch.isVacant()
        ? batch.vacantFrom(end)
        : batch;
  }

  /**
   * The leader's log may start inside a batch (KIP-107), and a batch comes whole or not at all. The
   * leader's log start, which comes with it, hides what was deleted.
   */
  private boolean beginsLogInside(RecordBatch batch) {
    return log.logStartOffset() == log.logEndOffset()
        && batch.baseOffset() < log.logEndOffset()
        && batch.nextOffset() > log.logEndOffset();
  }

  private boolean continuesLog(RecordBatch batch) {
    return batch.baseOffset() == log.logEndOffset()
        && batch.partitionLeaderEpoch() >= log.epochs().lastEpoch()
        && batch.partitionLeaderEpoch() <= leaderEpoch;
  }

  private void acknowledge(List<PartitionEffect> out) {
    if (phase == Phase.STREAMING && log.durableLogEndOffset() != ReplicaLog.NOTHING_DURABLE) {
      out.add(new PartitionEffect.AckDurable(session, log.durableLogEndOffset()));
    }
  }
}
