// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The leader in one leader epoch: assigns offsets, tracks followers, decides who is in sync, and
 * moves the high watermark to the lowest durable end of the maximal ISR. A new epoch is a new
 * object, so that nothing it knows of its followers outlives it.
 */
final class LeaderReplica implements ReplicaRole {
  private final ReplicaLog log;
  private final ReplicaConfig config;
  private final TopicIdPartition partition;
  private final int brokerId;
  private final int leaderEpoch;
  private final LeaderIsr isr;
  private final long epochStartOffset;
  private final Resignation resignation;
  private final List<FollowerProgress> followers = new ArrayList<>();
  private final PendingAppends awaitingIsr = new PendingAppends();
  private final PendingAppends awaitingDisk = new PendingAppends();
  private long lagTimeMaxMs;
  private long lastTickMs;

  LeaderReplica(
      ReplicaLog log,
      ReplicaConfig config,
      TopicIdPartition partition,
      int brokerId,
      AttemptNumbers changeIds,
      Resignation resignation,
      PartitionAssignment assignment) {
    this.log = log;
    this.resignation = resignation;
    this.config = config;
    this.lagTimeMaxMs = config.lagTimeMaxMs();
    this.partition = partition;
    this.brokerId = brokerId;
    this.leaderEpoch = assignment.leaderEpoch();
    this.isr = new LeaderIsr(config, changeIds, assignment);
    this.epochStartOffset = log.logEndOffset();
  }

  /** Called once, when the role begins. */
  void begin(long nowMs, List<PartitionEffect> out) {
    lastTickMs = nowMs;
    resignation.notStuck();
    log.epochs().append(leaderEpoch, epochStartOffset);
    trackReplicas(nowMs);
    advanceHighWatermark(out);
  }

  /** Called once, when the role ends: what waits may survive or not. */
  void end(ErrorCode code, String reason, List<PartitionEffect> out) {
    awaitingIsr.failAll(code, reason, out);
    awaitingDisk.failAll(code, reason, out);
    for (FollowerProgress follower : followers) {
      FollowerSession session = follower.session();
      if (session != null) {
        out.add(new PartitionEffect.StopPush(session));
      }
    }
  }

  @Override
  public Kind kind() {
    return Kind.LEADER;
  }

  @Override
  public int leaderEpoch() {
    return leaderEpoch;
  }

  IsrState isrState() {
    return isr.state();
  }

  boolean awaitsMetadata() {
    return isr.awaitsMetadata();
  }

  /** KIP-207: before this, another leader may have shown a higher one. */
  boolean highWatermarkKnown() {
    return log.highWatermark() >= epochStartOffset;
  }

  /** Newer metadata of the same leader epoch. */
  void assigned(PartitionAssignment assignment, long nowMs, List<PartitionEffect> out) {
    isr.assigned(assignment);
    trackReplicas(nowMs);
    isrMayHaveChanged(nowMs, out);
  }

  @Override
  public void step(PartitionEvent event, long nowMs, List<PartitionEffect> out) {
    switch (event) {
      case PartitionEvent.Append append -> append(append, nowMs, out);
      case PartitionEvent.FollowerAcked acked -> acked(acked, nowMs, out);
      case PartitionEvent.LocalDurable durable -> {
        if (log.durable(durable.endOffset(), durable.generation())) {
          awaitingDisk.completeUpTo(log.durableLogEndOffset(), out);
          advanceHighWatermark(out);
        }
      }
      case PartitionEvent.FollowerSubscribed subscribed -> subscribed(subscribed, nowMs, out);
      case PartitionEvent.FollowerGone gone -> {
        FollowerProgress follower = progress(gone.follower().brokerId());
        if (follower != null && follower.isCurrent(gone.follower())) {
          follower.gone(log.logEndOffset(), nowMs);
        }
      }
      case PartitionEvent.IsrChangeAnswered answered -> {
        isr.answered(answered.changeId(), answered.outcome(), nowMs);
        isrMayHaveChanged(nowMs, out);
      }
      case PartitionEvent.MetadataAdvanced advanced -> {
        isr.metadataReached(advanced.metadataIndex());
        isrMayHaveChanged(nowMs, out);
      }
      case PartitionEvent.LogStartMoved moved -> {
        if (log.advanceLogStart(moved.logStartOffset())) {
          out.add(new PartitionEffect.AdvanceLogStart(log.logStartOffset()));
        }
      }
      case PartitionEvent.Tick ignored -> tick(nowMs, out);
      case PartitionEvent.LagTimeSet(long newLagTimeMaxMs) -> lagTimeMaxMs = newLagTimeMaxMs;
      case PartitionEvent.MetadataChanged ignored -> {}
      case PartitionEvent.Stop ignored -> {}
      case PartitionEvent.ForFollower ignored -> {}
    }
  }

  private void tick(long nowMs, List<PartitionEffect> out) {
    log.producers().expire(nowMs - config.producerExpiryMs());
    if (isr.enoughCommitted()) {
      awaitingIsr.expire(
          nowMs, ErrorCode.REQUEST_TIMED_OUT, "expected the in-sync replicas in time", out);
    } else {
      awaitingIsr.expire(
          nowMs,
          ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
          "expected " + isr.assignment().requiredIsrSize() + " in-sync replicas after the append",
          out);
    }
    awaitingDisk.expire(nowMs, ErrorCode.REQUEST_TIMED_OUT, "expected the disk in time", out);
    isr.retry(nowMs, out);
    boolean stoodStill = nowMs - lastTickMs > lagTimeMaxMs / 2;
    lastTickMs = nowMs;
    for (FollowerProgress follower : followers) {
      follower.tick(log.logEndOffset(), nowMs);
      if (stoodStill) {
        follower.forgive(nowMs);
      }
    }
    if (stoodStill) {
      resignation.notStuck();
    }
    shrinkIsr(nowMs, out);
    growIsr(nowMs, out);
    resignIfStuck(nowMs, out);
  }

  // ---- appends

  private void append(PartitionEvent.Append append, long nowMs, List<PartitionEffect> out) {
    int expectedEpoch = append.expectedLeaderEpoch();
    if (expectedEpoch != ReadView.ANY_EPOCH && expectedEpoch != leaderEpoch) {
      ErrorCode code =
          expectedEpoch < leaderEpoch
              ? ErrorCode.FENCED_LEADER_EPOCH
              : ErrorCode.UNKNOWN_LEADER_EPOCH;
      refuse(
          append, code, "expected leader epoch " + leaderEpoch + ", but got " + expectedEpoch, out);
      return;
    }
    if (awaitingIsr.size() + awaitingDisk.size() >= config.maxPendingAppends()) {
      refuse(append, ErrorCode.OVERLOADED, "expected room, but too many appends wait", out);
      return;
    }
    long known = log.producers().check(append.batch());
    if (known >= 0 && append.wantsOffset(known)) {
      // Sent again: the answer is the first one's, and is as safe.
      await(
          append,
          new AppendResult.Appended(known, log.producers().timestampOf(append.batch())),
          known + append.batch().lastOffsetDelta() + 1,
          out);
    } else if (known == ProducerStates.STALE_EPOCH) {
      refuse(append, ErrorCode.INVALID_PRODUCER_EPOCH, "expected the newest producer epoch", out);
    } else if (known == ProducerStates.FORGOTTEN_DUPLICATE) {
      refuse(append, ErrorCode.DUPLICATE_SEQUENCE, "expected a newer sequence number", out);
    } else if (known == ProducerStates.OUT_OF_ORDER) {
      refuse(append, ErrorCode.OUT_OF_ORDER_SEQUENCE, "expected the next sequence number", out);
    } else if (known >= 0 || !append.wantsOffset(log.logEndOffset())) {
      out.add(
          new PartitionEffect.CompleteAppend(
              append.requestId(), new AppendResult.UnexpectedOffset(log.logEndOffset())));
    } else if (append.acks() == Acks.ALL && !isr.enoughCommitted()) {
      String expected = "expected " + isr.assignment().requiredIsrSize() + " in-sync replicas";
      refuse(
          append,
          ErrorCode.NOT_ENOUGH_REPLICAS,
          expected + ", but there are " + isr.state().committed().size(),
          out);
    } else if (log.producers().size() >= config.maxProducers()
        && !log.producers().knows(append.batch().producerId())) {
      refuse(append, ErrorCode.OVERLOADED, "expected fewer idempotent producers", out);
    } else {
      append.batch().assign(log.logEndOffset(), leaderEpoch);
      log.append(append.batch(), nowMs);
      out.add(new PartitionEffect.AppendToLog(append.batch()));
      await(
          append,
          new AppendResult.Appended(append.batch().baseOffset(), append.batch().appendTimeMs()),
          log.logEndOffset(),
          out);
    }
  }

  private void await(
      PartitionEvent.Append append,
      AppendResult.Appended result,
      long endOffset,
      List<PartitionEffect> out) {
    switch (append.acks()) {
      case ALL -> {
        awaitingIsr.add(append.requestId(), result, endOffset, append.deadlineMs());
        if (endOffset <= log.highWatermark()) {
          awaitingIsr.completeUpTo(log.highWatermark(), out);
        }
      }
      case LEADER -> {
        awaitingDisk.add(append.requestId(), result, endOffset, append.deadlineMs());
        if (endOffset <= log.durableLogEndOffset()) {
          awaitingDisk.completeUpTo(log.durableLogEndOffset(), out);
        }
      }
      case NONE ->
          // At once, so that the sender can be slowed down by what is under way.
          out.add(new PartitionEffect.CompleteAppend(append.requestId(), result));
    }
  }

  private static void refuse(
      PartitionEvent.Append append, ErrorCode code, String message, List<PartitionEffect> out) {
    out.add(
        new PartitionEffect.CompleteAppend(
            append.requestId(), new AppendResult.Failed(code, true, message)));
  }

  // ---- followers

  private void subscribed(
      PartitionEvent.FollowerSubscribed event, long nowMs, List<PartitionEffect> out) {
    FollowerSession session = event.follower();
    FollowerProgress follower = progress(session.brokerId());
    if (follower != null && follower.isStale(session)) {
      return;
    }
    if (follower != null) {
      FollowerSession old = follower.session();
      if (old != null) {
        out.add(new PartitionEffect.StopPush(old));
        follower.gone(log.logEndOffset(), nowMs);
      }
    }
    SubscribeAnswer answer = answerTo(event, follower);
    out.add(new PartitionEffect.AnswerSubscribe(session, answer));
    if (follower == null) {
      return;
    }
    if (answer instanceof SubscribeAnswer.Ok) {
      follower.subscribed(session, nowMs);
      out.add(new PartitionEffect.StartPush(session, leaderEpoch, event.fromOffset()));
    } else if (answer instanceof SubscribeAnswer.BelowLogStart) {
      follower.refused();
    }
  }

  private SubscribeAnswer answerTo(
      PartitionEvent.FollowerSubscribed event, @Nullable FollowerProgress follower) {
    if (!event.topicId().equals(partition.topicId())) {
      return new SubscribeAnswer.UnknownTopicId();
    }
    if (event.leaderEpoch() < leaderEpoch) {
      return new SubscribeAnswer.Fenced(leaderEpoch);
    }
    BrokerView view = isr.assignment().replica(event.follower().brokerId());
    if (event.leaderEpoch() > leaderEpoch || view == null || follower == null) {
      return new SubscribeAnswer.NotYetLeader();
    }
    if (event.follower().brokerEpoch() < view.brokerEpoch()) {
      return new SubscribeAnswer.Fenced(leaderEpoch);
    }
    if (event.fromOffset() < log.logStartOffset()) {
      return new SubscribeAnswer.BelowLogStart(log.logStartOffset());
    }
    return checkDivergence(event.fromOffset(), event.lastEpoch());
  }

  /** Rules 1 to 3 (KIP-101, 279, 595). */
  private SubscribeAnswer checkDivergence(long fromOffset, int lastEpoch) {
    if (lastEpoch == LeaderEpochHistory.NO_EPOCH) {
      // An empty log contradicts nothing, wherever it begins.
      return fromOffset <= log.logEndOffset()
          ? new SubscribeAnswer.Ok()
          : new SubscribeAnswer.Diverged(log.epochs().lastEpoch(), log.logEndOffset());
    }
    int floor = log.epochs().floorEpoch(lastEpoch);
    long end = log.epochs().endOffsetOf(lastEpoch, log.logEndOffset());
    boolean sharesEpoch = floor == lastEpoch || floor == LeaderEpochHistory.NO_EPOCH;
    return sharesEpoch && fromOffset <= end
        ? new SubscribeAnswer.Ok()
        : new SubscribeAnswer.Diverged(floor, end);
  }

  private void acked(PartitionEvent.FollowerAcked event, long nowMs, List<PartitionEffect> out) {
    FollowerProgress follower = progress(event.follower().brokerId());
    if (follower == null || !follower.isCurrent(event.follower())) {
      return;
    }
    long durableLeo = Math.min(event.durableLeo(), log.logEndOffset());
    if (follower.acked(durableLeo, log.logEndOffset(), nowMs)) {
      advanceHighWatermark(out);
      growIsr(nowMs, out);
    }
  }

  private @Nullable FollowerProgress progress(int follower) {
    for (int i = 0; i < followers.size(); i++) {
      if (followers.get(i).brokerId() == follower) {
        return followers.get(i);
      }
    }
    return null;
  }

  private void trackReplicas(long nowMs) {
    PartitionAssignment assignment = isr.assignment();
    followers.removeIf(follower -> assignment.replica(follower.brokerId()) == null);
    for (BrokerView view : assignment.replicas()) {
      if (view.brokerId() != brokerId && progress(view.brokerId()) == null) {
        followers.add(new FollowerProgress(view.brokerId(), log.logEndOffset(), nowMs));
      }
    }
  }

  // ---- ISR and high watermark

  private void isrMayHaveChanged(long nowMs, List<PartitionEffect> out) {
    advanceHighWatermark(out);
    shrinkIsr(nowMs, out);
    growIsr(nowMs, out);
  }

  /**
   * Rules 5 and 7 (KIP-497, 966): over the maximal ISR, while the committed one is large enough.
   */
  private void advanceHighWatermark(List<PartitionEffect> out) {
    if (!isr.enoughCommitted()) {
      return;
    }
    long safe = log.durableLogEndOffset();
    List<Integer> members = isr.state().maximal();
    for (int i = 0; i < members.size(); i++) {
      int member = members.get(i);
      if (member != brokerId) {
        FollowerProgress follower = progress(member);
        safe = Math.min(safe, follower == null ? FollowerProgress.UNKNOWN : follower.durableLeo());
      }
    }
    if (log.advanceHighWatermark(safe)) {
      out.add(new PartitionEffect.HighWatermarkAdvanced(log.highWatermark()));
      awaitingIsr.completeUpTo(log.highWatermark(), out);
    }
  }

  /** Rule 6 (KIP-841, 903); nothing else gates growth. */
  private void growIsr(long nowMs, List<PartitionEffect> out) {
    if (isr.state().committed().size() > followers.size() || !isr.mayPropose(nowMs)) {
      return;
    }
    List<Integer> joining = new ArrayList<>();
    for (FollowerProgress follower : followers) {
      if (!isr.state().committed().contains(follower.brokerId()) && mayJoin(follower)) {
        joining.add(follower.brokerId());
      }
    }
    if (!joining.isEmpty()) {
      isr.proposeGrow(joining, out);
    }
  }

  private boolean mayJoin(FollowerProgress follower) {
    BrokerView view = isr.assignment().replica(follower.brokerId());
    FollowerSession session = follower.session();
    return view != null
        && view.inService()
        && session != null
        && session.brokerEpoch() == view.brokerEpoch()
        && follower.durableLeo() >= log.highWatermark()
        && follower.durableLeo() >= epochStartOffset;
  }

  private void shrinkIsr(long nowMs, List<PartitionEffect> out) {
    if (!isr.mayPropose(nowMs)) {
      return;
    }
    List<Integer> leaving = new ArrayList<>();
    for (FollowerProgress follower : followers) {
      if (isr.state().committed().contains(follower.brokerId()) && mustLeave(follower, nowMs)) {
        leaving.add(follower.brokerId());
      }
    }
    if (!leaving.isEmpty()) {
      isr.proposeShrink(leaving, out);
    }
  }

  /**
   * Rule 25: too few members to commit, too few followers on their way into the ISR, and some that
   * are in service at the quorum but do not reach this leader. They may reach another one.
   */
  private void resignIfStuck(long nowMs, List<PartitionEffect> out) {
    if (isr.enoughCommitted()) {
      resignation.canCommit();
      return;
    }
    int possible = isr.state().committed().size();
    int unreached = 0;
    for (FollowerProgress follower : followers) {
      BrokerView view = isr.assignment().replica(follower.brokerId());
      if (view == null
          || !view.inService()
          || isr.state().committed().contains(follower.brokerId())) {
        continue;
      }
      if (follower.gotOnWithin(config.resignAfterMs(), nowMs)) {
        possible++;
      } else {
        unreached++;
      }
    }
    if (unreached == 0 || possible >= isr.assignment().requiredIsrSize()) {
      resignation.notStuck();
    } else if (resignation.stuck(nowMs)) {
      out.add(new PartitionEffect.Resign(leaderEpoch));
    }
  }

  private boolean mustLeave(FollowerProgress follower, long nowMs) {
    BrokerView view = isr.assignment().replica(follower.brokerId());
    return view == null
        || !view.inService()
        || follower.lags(log.logEndOffset(), nowMs, lagTimeMaxMs);
  }
}
