// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.FollowerSession;
import io.jangada.replication.core.PartitionEffect;
import io.jangada.replication.core.PartitionEvent;
import io.jangada.replication.core.PartitionReplica;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.core.SubscribeAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Steps one replica's core in one process, and carries its effects out. */
final class SimReplica {
  private static final int BATCHES_PER_FRAME = 16;
  private static final long NO_CREDIT_MS = 20;

  /** Where the leader is with one follower. */
  private static final class Push {
    final SimStream stream;
    long nextOffset;
    long sentHighWatermark = -1;
    boolean scheduled;

    Push(SimStream stream, long nextOffset) {
      this.stream = stream;
      this.nextOffset = nextOffset;
    }
  }

  private final SimCluster cluster;
  private final SimBroker broker;
  private final PartitionReplica core;
  private final SimLog log;
  private final Truth truth;
  private final int process;
  private final Map<FollowerSession, SimStream> incoming = new HashMap<>();
  private final List<Push> pushes = new ArrayList<>();
  private final Map<Long, Waiting> producers = new HashMap<>();
  private @Nullable SimStream upstream;
  private boolean syncing;
  private boolean syncWanted;
  private long requestIds;
  private long highestHighWatermark;
  private int proposedLeaderEpoch = -1;
  private int proposedPartitionEpoch = -1;

  private record Waiting(boolean all, long firstValue, int count, Consumer<AppendResult> answer) {}

  SimReplica(SimCluster cluster, SimBroker broker, PartitionReplica core, SimLog log) {
    this.cluster = cluster;
    this.broker = broker;
    this.core = core;
    this.log = log;
    this.truth = cluster.truth(core.partition());
    this.process = broker.process();
    this.highestHighWatermark = core.highWatermark();
  }

  PartitionReplica core() {
    return core;
  }

  SimLog log() {
    return log;
  }

  Truth truth() {
    return truth;
  }

  /** The highest high watermark that this process has seen. */
  long highestHighWatermark() {
    return highestHighWatermark;
  }

  void step(PartitionEvent event) {
    boolean quiet = event instanceof PartitionEvent.Tick || !Trace.ON;
    if (!quiet) {
      Trace.say(cluster, "broker " + broker.id() + " " + event);
    }
    for (PartitionEffect effect : core.step(event, cluster.clock().nowMs())) {
      if (Trace.ON) {
        Trace.say(cluster, "broker " + broker.id() + "   " + effect);
      }
      carryOut(effect);
    }
    highestHighWatermark = Math.max(highestHighWatermark, core.highWatermark());
    for (int i = 0; i < pushes.size(); i++) {
      pushSoon(pushes.get(i));
    }
    sync();
  }

  void append(
      RecordBatch batch,
      PartitionEvent.Append template,
      boolean all,
      Consumer<AppendResult> answer) {
    long requestId = ++requestIds;
    int count = batch.lastOffsetDelta() + 1;
    producers.put(requestId, new Waiting(all, SimBatches.firstValue(batch), count, answer));
    long before = core.logEndOffset();
    boolean leading = core.role() == ReplicaRole.Kind.LEADER;
    step(
        new PartitionEvent.Append(
            requestId,
            batch,
            template.acks(),
            template.expectedLeaderEpoch(),
            template.expectedOffset(),
            template.deadlineMs()));
    Waiting waits = producers.get(requestId);
    if (leading && core.logEndOffset() == before && waits != null) {
      cluster.counters().count(Counter.DUPLICATES_ANSWERED);
    }
  }

  /**
   * Asks this leader to delete that much of what is committed as far as it knows. More than all of
   * it must have no effect.
   */
  void deleteRecords(int percent) {
    long start = core.logStartOffset();
    long to = start + (core.highWatermark() - start) * percent / 100;
    if (core.role() == ReplicaRole.Kind.LEADER && to > start) {
      truth.deleted(Math.min(to, core.highWatermark()));
      step(new PartitionEvent.LogStartMoved(to));
    }
  }

  void subscribed(SimStream stream, PartitionEvent.FollowerSubscribed event) {
    incoming.put(stream.session(), stream);
    step(event);
  }

  private void carryOut(PartitionEffect effect) {
    switch (effect) {
      case PartitionEffect.RoleChanged ignored -> pushes.clear();
      case PartitionEffect.AppendToLog append -> append(append.batch());
      case PartitionEffect.Truncate truncate -> truncate(truncate);
      case PartitionEffect.ResetLog reset -> {
        cluster.counters().count(Counter.LOGS_BEGUN_ANEW);
        log.reset(reset.logStartOffset(), reset.generation());
        syncWanted = true;
      }
      case PartitionEffect.AdvanceLogStart advance -> {
        cluster.counters().count(Counter.LOG_STARTS_MOVED);
        log.advanceStart(advance.logStartOffset());
      }
      case PartitionEffect.HighWatermarkAdvanced advanced -> highWatermark(advanced);
      case PartitionEffect.CompleteAppend complete -> complete(complete);
      case PartitionEffect.ProposeIsrChange propose -> propose(propose);
      case PartitionEffect.Resign resign -> broker.resign(this, resign);
      case PartitionEffect.AnswerSubscribe answer -> answer(answer);
      case PartitionEffect.StartPush start -> {
        SimStream stream = incoming.get(start.follower());
        if (stream != null) {
          pushes.add(new Push(stream, start.fromOffset()));
        }
      }
      case PartitionEffect.StopPush stop -> {
        pushes.removeIf(push -> push.stream.session().equals(stop.follower()));
        incoming.remove(stop.follower());
      }
      case PartitionEffect.Subscribe subscribe -> subscribe(subscribe);
      case PartitionEffect.Unsubscribe unsubscribe -> {
        SimStream stream = upstream;
        if (stream != null && stream.session().session() == unsubscribe.session()) {
          stream.close();
        }
      }
      case PartitionEffect.AckDurable ack -> {
        SimStream stream = upstream;
        if (stream != null && stream.session().session() == ack.session()) {
          stream.toLeader(
              leader -> leader.followerAcked(partition(), stream.session(), ack.durableLeo()));
        }
      }
    }
  }

  private void append(RecordBatch batch) {
    if (core.role() == ReplicaRole.Kind.LEADER && broker.directory().isFull()) {
      throw new InvariantViolation(
          "R20", "expected broker " + broker.id() + " to refuse appends while its disk is full");
    }
    log.append(batch);
  }

  private TopicIdPartition partition() {
    return core.partition();
  }

  private void propose(PartitionEffect.ProposeIsrChange proposal) {
    if (proposal.leaderEpoch() == proposedLeaderEpoch
        && proposal.partitionEpoch() == proposedPartitionEpoch) {
      cluster.counters().count(Counter.REPEATED_ISR_CHANGES);
    }
    proposedLeaderEpoch = proposal.leaderEpoch();
    proposedPartitionEpoch = proposal.partitionEpoch();
    broker.proposeIsrChange(this, proposal, ambush(proposal));
  }

  private long ambush(PartitionEffect.ProposeIsrChange proposal) {
    List<Integer> before = core.isr();
    for (BrokerView member : proposal.isr()) {
      if (!before.contains(member.brokerId())) {
        return cluster.ambushes().at(Moment.GROWTH_PROPOSED, broker, member.brokerId());
      }
    }
    for (Integer member : before) {
      if (proposal.isr().stream().noneMatch(stays -> stays.brokerId() == member)) {
        return cluster.ambushes().at(Moment.SHRINK_PROPOSED, broker, member);
      }
    }
    return 0;
  }

  private void truncate(PartitionEffect.Truncate truncate) {
    cluster.counters().count(Counter.TRUNCATIONS);
    if (core.highWatermark() < truncate.toOffset()) {
      cluster.counters().count(Counter.TRUNCATIONS_ABOVE_HIGH_WATERMARK);
    }
    log.truncate(truncate.toOffset(), truncate.generation());
    syncWanted = true;
    cluster.ambushes().at(Moment.TRUNCATED, broker, core.leaderId());
  }

  private void highWatermark(PartitionEffect.HighWatermarkAdvanced advanced) {
    log.noteHighWatermark(advanced.highWatermark(), cluster.clock().nowMs());
    if (core.role() == ReplicaRole.Kind.LEADER) {
      truth.committed(log.content, log.content.agreesUpTo(), (int) advanced.highWatermark());
      if (core.maximalIsr().size() != core.isr().size()) {
        cluster.counters().count(Counter.COMMITS_WITH_PENDING_ISR);
      }
    }
  }

  private void complete(PartitionEffect.CompleteAppend complete) {
    Waiting waiting = producers.remove(complete.requestId());
    if (waiting == null) {
      throw new IllegalStateException("expected one answer for " + complete);
    }
    switch (complete.result()) {
      case AppendResult.Appended appended -> {
        if (waiting.all) {
          truth.acknowledged(waiting.firstValue, (int) appended.baseOffset(), waiting.count);
          cluster.counters().add(Counter.ACKNOWLEDGED_RECORDS, waiting.count);
        } else {
          cluster.counters().count(Counter.ACKNOWLEDGED_BY_LEADER_ALONE);
        }
      }
      case AppendResult.UnexpectedOffset ignored ->
          cluster.counters().count(Counter.UNEXPECTED_OFFSETS);
      case AppendResult.InvalidRecords invalid ->
          throw new IllegalStateException("the core looks at no records, but said " + invalid);
      case AppendResult.Failed failed -> {
        if (failed.code() == ErrorCode.NOT_ENOUGH_REPLICAS) {
          cluster.counters().count(Counter.NOT_ENOUGH_REPLICAS);
        } else if (failed.code() == ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND) {
          cluster.counters().count(Counter.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        }
      }
    }
    waiting.answer.accept(complete.result());
  }

  private void answer(PartitionEffect.AnswerSubscribe answer) {
    switch (answer.answer()) {
      case SubscribeAnswer.Diverged ignored -> cluster.counters().count(Counter.DIVERGED_ANSWERS);
      case SubscribeAnswer.Fenced ignored -> cluster.counters().count(Counter.FENCED_SUBSCRIPTIONS);
      case SubscribeAnswer.NotYetLeader ignored -> cluster.counters().count(Counter.NOT_YET_LEADER);
      case SubscribeAnswer.Ok ignored -> {}
      case SubscribeAnswer.BelowLogStart ignored -> {}
      case SubscribeAnswer.UnknownTopicId ignored -> {}
    }
    SimStream stream = incoming.get(answer.follower());
    if (stream != null) {
      stream.toFollower(
          follower ->
              follower.subscribeAnswered(
                  partition(), answer.follower().session(), answer.answer()));
    }
  }

  private void subscribe(PartitionEffect.Subscribe subscribe) {
    FollowerSession session =
        new FollowerSession(broker.id(), broker.brokerEpoch(), subscribe.session());
    SimStream stream = new SimStream(cluster, partition(), session, subscribe.leaderId());
    upstream = stream;
    broker.streams().add(stream);
    PartitionEvent.FollowerSubscribed event =
        new PartitionEvent.FollowerSubscribed(
            session,
            partition().topicId(),
            subscribe.leaderEpoch(),
            subscribe.fromOffset(),
            subscribe.lastEpoch());
    stream.toLeader(leader -> leader.followerSubscribed(stream, event));
  }

  private void pushSoon(Push push) {
    boolean news =
        push.nextOffset < core.logEndOffset() || push.sentHighWatermark < core.highWatermark();
    if (news && !push.scheduled) {
      push.scheduled = true;
      cluster.clock().afterMicros(cluster.clock().between(0, 1_000), () -> push(push));
    }
  }

  private void push(Push push) {
    push.scheduled = false;
    if (!broker.isProcess(process) || !pushes.contains(push)) {
      return;
    }
    if (cluster.broker(push.stream.session().brokerId()).directory().isFull()) {
      // It gives no credit.
      push.scheduled = true;
      cluster.clock().afterMs(NO_CREDIT_MS, () -> push(push));
      return;
    }
    List<RecordBatch> batches = read(push.nextOffset, BATCHES_PER_FRAME);
    if (core.role() == ReplicaRole.Kind.OFFLINE) {
      return;
    }
    if (!batches.isEmpty()) {
      push.nextOffset = batches.getLast().nextOffset();
    }
    push.sentHighWatermark = core.highWatermark();
    PartitionEvent.Replicated frame =
        new PartitionEvent.Replicated(
            push.stream.session().session(), batches, core.highWatermark(), core.logStartOffset());
    push.stream.toFollower(follower -> follower.replicated(partition(), frame));
    pushSoon(push);
  }

  /**
   * Reads what is checked: of what is damaged nothing comes back, and the replica ends (rule 21).
   */
  List<RecordBatch> read(long offset, int maxBatches) {
    List<RecordBatch> batches = log.read(offset, maxBatches);
    if (log.hasRot()) {
      try {
        batches.forEach(RecordBatch::validate);
      } catch (JangadaException e) {
        broker.quarantine().damageFound(this);
        return List.of();
      }
    }
    return batches;
  }

  /** One fsync at a time; what is written meanwhile waits for the next. */
  private void sync() {
    if (syncing || (log.isDurable() && !syncWanted)) {
      return;
    }
    syncing = true;
    syncWanted = false;
    int batches = log.batchCount();
    long endOffset = log.endOffset();
    int generation = log.generation();
    cluster
        .clock()
        .afterMicros(
            broker.directory().syncBegins(),
            () -> {
              if (broker.isProcess(process)) {
                syncing = false;
                synced(batches, endOffset, generation);
              }
            });
  }

  private void synced(int batches, long endOffset, int generation) {
    if (!broker.directory().syncEnds()) {
      log.syncFailed();
      broker.quarantine().halt();
      return;
    }
    if (core.role() == ReplicaRole.Kind.OFFLINE) {
      return;
    }
    if (generation < log.generation()) {
      cluster.counters().count(Counter.SYNCS_OVERTAKEN_BY_TRUNCATION);
    }
    log.synced(batches, generation);
    step(new PartitionEvent.LocalDurable(endOffset, generation));
  }
}
