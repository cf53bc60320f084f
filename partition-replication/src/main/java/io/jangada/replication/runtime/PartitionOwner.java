// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.FollowerSession;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.core.PartitionAssignment;
import io.jangada.replication.core.PartitionEffect;
import io.jangada.replication.core.PartitionEvent;
import io.jangada.replication.core.PartitionReplica;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.core.SubscribeAnswer;
import io.jangada.replication.directory.ProducerSnapshot;
import io.jangada.replication.log.Durability;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.Retention;
import io.jangada.replication.loop.GuardedLoop;
import io.jangada.replication.transport.Credit;
import io.jangada.replication.transport.PushTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Steps the core of one partition and carries its effects out, all on the loop that owns it.
 * Batches are written at the end of each gulp of the loop, with one call; then the new state is
 * published, followers and readers are told, and producers are answered.
 */
final class PartitionOwner {
  private static final Logger logger = LoggerFactory.getLogger(PartitionOwner.class);
  private static final int MAX_ENTRY_BYTES = 1 << 20;
  private static final PartitionEvent TICK = new PartitionEvent.Tick();

  private final LocalPartition partition;
  private final PartitionReplica replica;
  private final PartitionLog log;
  private final Shared shared;
  private final GuardedLoop loop;
  private final ProducerAnswers answers;
  private final HeldCredits credits = new HeldCredits();
  private final Map<FollowerSession, PushTarget> followers = new HashMap<>();
  private List<RecordBatch> toWrite = new ArrayList<>();
  private boolean drainScheduled;
  private boolean advanced;
  private boolean roleChanged;
  private boolean failed;
  private boolean defective;

  /** While it is fetched anew. */
  private @Nullable Rebuild rebuild;

  /** Null until the quorum, which says it, knows of this process and what it has recovered. */
  private @Nullable Durability wantedDurability;

  PartitionOwner(
      LocalPartition partition,
      PartitionReplica replica,
      PartitionLog log,
      Shared shared,
      GuardedLoop loop) {
    this.partition = partition;
    this.replica = replica;
    this.log = log;
    this.shared = shared;
    this.loop = loop;
    this.answers = new ProducerAnswers(shared.admission());
  }

  /** The log is fetched anew: nothing may count on it before it has what was committed. */
  void rebuilding() {
    rebuild = new Rebuild();
  }

  /** Acts on the metadata, unless they count on what this replica does not have yet. */
  void assigned(PartitionEvent.MetadataChanged event) {
    PartitionAssignment assignment = event.assignment();
    Rebuild current = rebuild;
    boolean leads = assignment.leaderId() == shared.brokerId();
    if (current != null && (leads || assignment.isr().contains(shared.brokerId()))) {
      if (current.tell(assignment.partitionEpoch())) {
        partition.relinquish("the replica counts as in sync while it is fetched anew");
      }
      if (leads) {
        return;
      }
    }
    step(event);
  }

  private void lookWhetherRebuilt() {
    Rebuild current = rebuild;
    if (current != null
        && replica.role() == ReplicaRole.Kind.FOLLOWER
        && current.reached(replica.durableLogEndOffset())) {
      rebuild = null;
      partition.rebuilt();
    }
  }

  /** Steps the core. */
  void step(PartitionEvent event) {
    if (defective && !(event instanceof PartitionEvent.Stop)) {
      return;
    }
    try {
      List<PartitionEffect> effects = replica.step(event, Shared.nowMs());
      for (int i = 0; i < effects.size(); i++) {
        run(effects.get(i));
      }
      lookWhetherRebuilt();
      scheduleDrain(!effects.isEmpty() || event instanceof PartitionEvent.LocalDurable);
      if (event instanceof PartitionEvent.Stop) {
        // Offline, it refuses whatever comes.
        defective = false;
      }
    } catch (RuntimeException e) {
      defect(event, e);
    }
  }

  /**
   * The core and the log may not agree any more, so nothing may go on from there. The replica alone
   * ends, not the process: the same event may come to the next leader.
   */
  void defect(Object during, RuntimeException e) {
    logger.error("{}: a defect in {}; the replica goes offline", partition, during, e);
    shared.metrics().defect("partition");
    defective = true;
    failed = true;
    partition.fail("a defect: " + e);
  }

  private void scheduleDrain(boolean needed) {
    if (needed && !drainScheduled) {
      drainScheduled = true;
      loop.afterDrain(this::drain);
    }
  }

  /** Says how the log is to be durable. */
  void durability(Durability wanted) {
    wantedDurability = wanted;
    changeDurability(wanted);
  }

  private void changeDurability(Durability wanted) {
    Durability before = log.progress().durability();
    if (!failed) {
      log.durability(wanted, producers());
    }
    if (log.progress().durability() != before) {
      logger.info("{}: durable by {} from offset {} on", partition, wanted, log.logEndOffset());
    }
  }

  /** Time has passed. */
  void tick() {
    Durability wanted = wantedDurability;
    if (wanted != null && wanted != log.progress().durability()) {
      // The log takes no change while an earlier one is on its way.
      changeDurability(wanted);
    }
    giveCredit();
    step(TICK);
  }

  /** A producer's batch, checked and let in. */
  void append(
      CompletableFuture<AppendResult> answer,
      RecordBatch batch,
      Acks acks,
      int expectedLeaderEpoch,
      long expectedOffset,
      long deadlineMs) {
    partition.timestamps().stamp(batch, System.currentTimeMillis());
    long requestId = answers.add(answer, batch.sizeInBytes());
    step(
        new PartitionEvent.Append(
            requestId, batch, acks, expectedLeaderEpoch, expectedOffset, deadlineMs));
    if (defective) {
      answers.failAll(ErrorCode.STORAGE_ERROR, "a defect took the replica offline");
      scheduleDrain(true);
    } else if (acks == Acks.NONE && answers.isWaiting(requestId)) {
      answers.complete(
          requestId, new AppendResult.Appended(batch.baseOffset(), batch.appendTimeMs()));
    }
  }

  /** What the leader pushed; the checksums are checked here. */
  void replicated(
      long session,
      List<RecordBatch> batches,
      long highWatermark,
      long logStartOffset,
      Credit credit) {
    try {
      batches.forEach(RecordBatch::validate);
    } catch (JangadaException e) {
      logger.warn("{}: the leader pushed a damaged batch", partition, e);
      shared.links().unsubscribe(replica.partition(), session);
      step(new PartitionEvent.StreamLost(session));
      credit.release();
      return;
    }
    long before = replica.logEndOffset();
    Rebuild current = rebuild;
    if (current != null) {
      current.leaderSaid(highWatermark);
    }
    step(new PartitionEvent.Replicated(session, batches, highWatermark, logStartOffset));
    if (replica.logEndOffset() == before) {
      credit.release();
    } else {
      credits.hold(new LogEnd(replica.logEndOffset(), replica.generation()), credit);
    }
  }

  /** Has the oldest records deleted. */
  DeleteRecordsResult deleteRecords(long beforeOffset) {
    if (replica.role() != ReplicaRole.Kind.LEADER) {
      return new DeleteRecordsResult.Failed(
          ErrorCode.NOT_LEADER, "expected to lead the partition, but another broker does");
    }
    long highWatermark = replica.highWatermark();
    long before = beforeOffset == PartitionHandle.HIGH_WATERMARK ? highWatermark : beforeOffset;
    if (before < 0 || before > highWatermark) {
      return new DeleteRecordsResult.Failed(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "expected an offset up to the high watermark " + highWatermark + ", but got " + before);
    }
    step(new PartitionEvent.LogStartMoved(before));
    return new DeleteRecordsResult.Deleted(replica.logStartOffset());
  }

  /**
   * Has the oldest records go that need not be kept; the leader says so for all. Records that
   * expired are no different from deleted ones.
   */
  void enforceRetention(Retention retention, long wallClockMs) {
    if (replica.role() != ReplicaRole.Kind.LEADER) {
      return;
    }
    long before = replica.logStartOffset();
    long point = log.retentionPoint(retention, replica.highWatermark(), wallClockMs);
    if (point > before) {
      step(new PartitionEvent.LogStartMoved(point));
      shared.metrics().expired(replica.logStartOffset() - before);
      logger.info(
          "{}: offsets {} to {} have expired by {}", partition, before, point - 1, retention);
    }
  }

  /** The journal has made the log durable. */
  void durable(LogEnd end) {
    credits.durable(end);
    giveCredit();
    step(new PartitionEvent.LocalDurable(end.endOffset(), end.generation()));
  }

  /** Not while too much waits for the segments: it is held in memory. */
  void giveCredit() {
    if (!shared.directories().behind()) {
      credits.releaseDurable();
    }
  }

  /** A follower subscribes. */
  void subscribed(PartitionEvent.FollowerSubscribed event, PushTarget target) {
    followers.put(event.follower(), target);
    step(event);
  }

  /** A follower's stream broke, or it unsubscribed. */
  void gone(FollowerSession follower) {
    followers.remove(follower);
    step(new PartitionEvent.FollowerGone(follower));
  }

  /** The local metadata has reached the index. */
  void metadataAdvanced(long metadataIndex) {
    if (replica.awaitsMetadata()) {
      step(new PartitionEvent.MetadataAdvanced(metadataIndex));
    }
  }

  /** The end: what waits is answered; nothing is written any more. */
  void stop(ErrorCode code, String reason) {
    failed |= code == ErrorCode.STORAGE_ERROR;
    step(new PartitionEvent.Stop(code, reason));
    answers.failAll(code, reason);
    drain();
    failed = true;
    credits.releaseAll();
  }

  private void run(PartitionEffect effect) {
    switch (effect) {
      case PartitionEffect.RoleChanged changed -> roleChanged(changed);
      case PartitionEffect.AppendToLog append -> toWrite.add(append.batch());
      case PartitionEffect.Truncate truncate -> {
        write();
        logger.info("{}: truncating to {}", partition, truncate.toOffset());
        if (!failed) {
          log.truncate(truncate.toOffset(), truncate.generation(), producers());
          credits.releaseAll();
        }
      }
      case PartitionEffect.ResetLog reset -> {
        write();
        logger.info("{}: dropping the log, going on at {}", partition, reset.logStartOffset());
        if (!failed) {
          log.reset(reset.logStartOffset(), reset.generation());
          credits.releaseAll();
        }
      }
      case PartitionEffect.AdvanceLogStart advance -> {
        write();
        if (!failed) {
          log.advanceLogStart(advance.logStartOffset());
        }
        advanced = true;
      }
      case PartitionEffect.HighWatermarkAdvanced highWatermark -> {
        log.noteHighWatermark(highWatermark.highWatermark());
        advanced = true;
      }
      case PartitionEffect.CompleteAppend complete -> completeAppend(complete);
      case PartitionEffect.ProposeIsrChange propose -> propose(propose);
      case PartitionEffect.Resign resign -> resign(resign);
      case PartitionEffect.AnswerSubscribe answer -> answer(answer);
      case PartitionEffect.StartPush start -> {
        PushTarget target = followers.get(start.follower());
        if (target != null) {
          target.start(start.leaderEpoch(), start.fromOffset());
        }
      }
      case PartitionEffect.StopPush stop -> {
        PushTarget target = followers.remove(stop.follower());
        if (target != null) {
          target.stop();
        }
      }
      case PartitionEffect.Subscribe subscribe -> shared.links().subscribe(partition, subscribe);
      case PartitionEffect.Unsubscribe unsubscribe ->
          shared.links().unsubscribe(replica.partition(), unsubscribe.session());
      case PartitionEffect.AckDurable ack ->
          shared.links().ack(replica.partition(), ack.session(), ack.durableLeo());
    }
  }

  private void roleChanged(PartitionEffect.RoleChanged changed) {
    roleChanged = true;
    // Who leads, and why, is told once for each change of the metadata, by who applies that.
    logger
        .atLevel(changed.role() == ReplicaRole.Kind.OFFLINE ? Level.INFO : Level.DEBUG)
        .log(
            "{}: {} in leader epoch {}, leader {}: {}",
            partition,
            changed.role(),
            changed.leaderEpoch(),
            changed.leaderId(),
            changed.reason());
  }

  private void completeAppend(PartitionEffect.CompleteAppend complete) {
    shared.metrics().rejected(complete.result());
    answers.complete(complete.requestId(), complete.result());
  }

  private void answer(PartitionEffect.AnswerSubscribe effect) {
    PushTarget target =
        effect.answer() instanceof SubscribeAnswer.Ok
            ? followers.get(effect.follower())
            : followers.remove(effect.follower());
    if (target != null) {
      target.answer(effect.answer());
    }
  }

  private void propose(PartitionEffect.ProposeIsrChange effect) {
    IsrProposal proposal =
        new IsrProposal(
            replica.partition(), effect.leaderEpoch(), effect.partitionEpoch(), effect.isr());
    logger.info("{}: proposing {}", partition, proposal);
    AtomicBoolean answered = new AtomicBoolean();
    java.util.function.Consumer<IsrChangeOutcome> answer =
        outcome -> {
          if (answered.compareAndSet(false, true)) {
            loop.execute(
                () -> step(new PartitionEvent.IsrChangeAnswered(effect.changeId(), outcome)));
          }
        };
    try {
      shared.isrProposals().propose(proposal, answer);
    } catch (RuntimeException e) {
      logger.error("{}: the way to the quorum failed for {}", partition, proposal, e);
      answer.accept(new IsrChangeOutcome.Unknown());
    }
  }

  private void resign(PartitionEffect.Resign effect) {
    logger.warn(
        "{}: resigning in leader epoch {}: too few in-sync replicas, and followers that are in"
            + " service do not reach this broker",
        partition,
        effect.leaderEpoch());
    shared.metrics().resigned();
    try {
      shared.isrProposals().resign(replica.partition(), effect.leaderEpoch());
    } catch (RuntimeException e) {
      logger.error("{}: the way to the quorum failed; it resigns again later", partition, e);
    }
  }

  /** The end of a gulp. */
  private void drain() {
    drainScheduled = false;
    try {
      write();
    } catch (RuntimeException e) {
      // The core believes the batches to be in the log.
      defect("writing", e);
    }
    partition.publish(replica);
    if (advanced) {
      advanced = false;
      followers.values().forEach(PushTarget::advanced);
    }
    if (roleChanged) {
      roleChanged = false;
      partition.readers().wakeAll();
    } else {
      partition.readers().wake(replica.highWatermark());
    }
    answers.give();
  }

  private void write() {
    if (toWrite.isEmpty() || failed) {
      toWrite.clear();
      return;
    }
    List<RecordBatch> batches = toWrite;
    toWrite = new ArrayList<>();
    appendInParts(batches);
    advanced = true;
    long bytes = 0;
    long records = 0;
    for (RecordBatch batch : batches) {
      bytes += batch.sizeInBytes();
      records += batch.recordCount();
    }
    if (replica.role() == ReplicaRole.Kind.LEADER) {
      shared.metrics().appendedAsLeader(bytes, records);
    } else {
      shared.metrics().appendedAsFollower(bytes);
    }
  }

  /** What came in one gulp may be more than the journal takes in one entry. */
  private void appendInParts(List<RecordBatch> batches) {
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < batches.size(); i++) {
      int size = batches.get(i).sizeInBytes();
      if (i > from && bytes + size > MAX_ENTRY_BYTES) {
        log.append(batches.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    log.append(from == 0 ? batches : batches.subList(from, batches.size()));
  }

  /** The state of the log is to be put down. */
  void checkpoint() {
    if (!failed && !log.progress().isMarked()) {
      log.mark(producers());
    }
  }

  /** The producers. */
  List<ActiveProducer> activeProducers() {
    List<ActiveProducer> all = new ArrayList<>();
    replica
        .producers()
        .forEachProducer(
            (id, epoch, sequence, timestampMs) ->
                all.add(new ActiveProducer(id, epoch, sequence, timestampMs)));
    return all;
  }

  /** Where the last batch of each producer ends, of those below the offset. */
  Map<Long, Long> lastOffsetsOfProducers(long upTo) {
    Map<Long, Long> lasts = new HashMap<>();
    replica.producers().forEachLastBelow(upTo, lasts::put);
    return lasts;
  }

  /** A snapshot of the producers. Owner only, or once it has stopped. */
  ByteBuffer producers() {
    return ProducerSnapshot.encode(replica.producers());
  }
}
