// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.FollowerSession;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.core.PartitionEvent;
import io.jangada.replication.core.PartitionReplica;
import io.jangada.replication.core.ReadView;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.core.SubscribeAnswer;
import io.jangada.replication.directory.DirectoryLog;
import io.jangada.replication.directory.LogDirectory;
import io.jangada.replication.directory.LogOwner;
import io.jangada.replication.log.CorruptLogException;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.LogSlice;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.Retention;
import io.jangada.replication.log.TimestampOffset;
import io.jangada.replication.loop.EventLoop;
import io.jangada.replication.loop.GuardedLoop;
import io.jangada.replication.transport.Credit;
import io.jangada.replication.transport.FollowingPartition;
import io.jangada.replication.transport.PushTarget;
import io.jangada.replication.transport.PushedPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica seen from outside its loop: by the broker, by both ends of the streams, by the journal.
 * Whatever changes something is handed to the owner; reads go to the log with the published state.
 */
final class LocalPartition
    implements PartitionHandle, PushedPartition, FollowingPartition, LogOwner {
  private static final Logger logger = LoggerFactory.getLogger(LocalPartition.class);

  private final TopicIdPartition id;
  private final TopicPartition name;
  private final LogDirectory directory;
  private final DirectoryLog directoryLog;
  private final PartitionLog log;
  private final Shared shared;
  private final GuardedLoop loop;
  private final Runnable tick;
  private final PartitionOwner owner;
  private final ParkedReaders readers;
  private final AtomicBoolean failing = new AtomicBoolean();
  private volatile TopicSettings settings;
  private volatile int replicas;
  private volatile PartitionStatus status;

  /** Why the log can be used no more, if it is to be fetched anew for it. */
  private volatile String damage = "";

  LocalPartition(
      PartitionReplica replica,
      TopicPartition name,
      TopicSettings settings,
      LogDirectory directory,
      DirectoryLog directoryLog,
      Shared shared,
      EventLoop loop) {
    PartitionLog openLog = directoryLog.log();
    this.id = replica.partition();
    this.name = name;
    this.settings = settings;
    this.directory = directory;
    this.directoryLog = directoryLog;
    this.log = openLog;
    this.shared = shared;
    this.loop = new GuardedLoop(loop, this::defect);
    this.readers = new ParkedReaders(shared.admission());
    this.owner = new PartitionOwner(this, replica, openLog, shared, this.loop);
    this.tick = owner::tick;
    this.status = statusOf(replica);
  }

  TimestampRules timestamps() {
    return settings.timestamps();
  }

  /** The owner's thread; what throws there takes this replica offline. */
  GuardedLoop loop() {
    return loop;
  }

  PartitionOwner owner() {
    return owner;
  }

  LogDirectory directory() {
    return directory;
  }

  DirectoryLog directoryLog() {
    return directoryLog;
  }

  /** What is wrong with the log, for which it is to be fetched anew; empty if nothing is. */
  String damage() {
    return damage;
  }

  PartitionLog log() {
    return log;
  }

  ParkedReaders readers() {
    return readers;
  }

  /** What the metadata says anew. Called by one thread. */
  void assigned(HostedAssignment assigned, long brokerEpoch) {
    settings = assigned.settings();
    replicas = assigned.assignment().replicas().size();
    loop.execute(
        () -> {
          log.segmentLimits(assigned.settings().segmentLimits());
          owner.durability(assigned.settings().durability());
          owner.assigned(new PartitionEvent.MetadataChanged(assigned.assignment(), brokerEpoch));
        });
  }

  /** Time has passed. Owner only. */
  void tick() {
    loop.guard(tick);
  }

  /** Has what has expired go. Owner only. */
  void enforceRetention(long wallClockMs) {
    Retention retention = settings.retention();
    loop.guard(() -> owner.enforceRetention(retention, wallClockMs));
  }

  private void defect(RuntimeException e) {
    owner.defect("a task", e);
  }

  /** Publishes the state. Owner only. */
  void publish(PartitionReplica replica) {
    PartitionStatus before = status;
    PartitionStatus after = statusOf(replica);
    status = after;
    boolean sameLead =
        before.view().leading()
            && after.view().leading()
            && before.view().leaderEpoch() == after.view().leaderEpoch();
    if (sameLead && before.isr().size() != after.isr().size()) {
      shared.metrics().isrChanged(before.isr().size(), after.isr().size());
    }
  }

  private PartitionStatus statusOf(PartitionReplica replica) {
    return new PartitionStatus(
        replica.role(),
        replica.leaderId(),
        replica.readView(),
        replica.durableLogEndOffset(),
        replica.isr(),
        replicas);
  }

  // ---- the broker

  @Override
  public TopicIdPartition partition() {
    return id;
  }

  @Override
  public TopicPartition name() {
    return name;
  }

  @Override
  public PartitionStatus status() {
    return status;
  }

  @Override
  public CompletableFuture<AppendResult> append(
      RecordBatch batch, Acks acks, int expectedLeaderEpoch, long expectedOffset, long timeoutMs) {
    int bytes = batch.sizeInBytes();
    AppendResult wrong = AppendRules.check(batch, settings, System.currentTimeMillis());
    if (wrong != null) {
      shared.metrics().rejected(wrong);
      return CompletableFuture.completedFuture(wrong);
    }
    if (shared.directories().farBehind()) {
      return refused(
          ErrorCode.OVERLOADED, "expected room, but the segments are written too slowly");
    }
    if (directory.nearlyFull()) {
      return refused(
          ErrorCode.DISK_FULL,
          "expected free space above the reserve, but the disk of "
              + directory.config().path()
              + " is nearly full");
    }
    if (!shared.admission().admitAppend(bytes)) {
      return refused(
          ErrorCode.OVERLOADED,
          "expected room, but " + shared.admission().appendBytes() + " bytes wait");
    }
    CompletableFuture<AppendResult> answer = new CompletableFuture<>();
    long deadlineMs = Shared.nowMs() + timeoutMs;
    boolean taken =
        loop.offer(
            () ->
                owner.append(answer, batch, acks, expectedLeaderEpoch, expectedOffset, deadlineMs));
    if (!taken) {
      shared.admission().releaseAppend(bytes);
      return refused(ErrorCode.OVERLOADED, "expected room, but the partition's thread is behind");
    }
    return answer;
  }

  private CompletableFuture<AppendResult> refused(ErrorCode code, String message) {
    shared.metrics().rejected(code);
    return CompletableFuture.completedFuture(new AppendResult.Failed(code, true, message));
  }

  @Override
  public CompletableFuture<ReadResult> read(long offset, int maxBytes, int leaderEpoch) {
    return read(offset, maxBytes, leaderEpoch, false);
  }

  @Override
  public CompletableFuture<ReadResult> readHere(long offset, int maxBytes, int leaderEpoch) {
    return read(offset, maxBytes, leaderEpoch, true);
  }

  private CompletableFuture<ReadResult> read(
      long offset, int maxBytes, int leaderEpoch, boolean following) {
    PartitionStatus begun = status;
    ReadView view = begun.view();
    ErrorCode refused = refuse(begun, offset, leaderEpoch, following);
    if (refused != null) {
      return CompletableFuture.completedFuture(
          new ReadResult.Failed(refused, ReadRefusals.explain(refused, offset, leaderEpoch, view)));
    }
    Optional<LogSlice> cached = log.readCached(offset, maxBytes, view.highWatermark());
    if (cached.isPresent()) {
      return CompletableFuture.completedFuture(checked(cached.get(), offset, view, following));
    }
    shared.metrics().coldRead();
    return onReadPool(
        () -> {
          try {
            return checked(
                log.read(offset, maxBytes, view.highWatermark()), offset, view, following);
          } catch (IOException e) {
            unreadable(e);
            return new ReadResult.Failed(ErrorCode.STORAGE_ERROR, String.valueOf(e));
          }
        },
        e -> new ReadResult.Failed(e.code(), String.valueOf(e.getMessage())));
  }

  private static @Nullable ErrorCode refuse(
      PartitionStatus status, long offset, int leaderEpoch, boolean following) {
    return following && status.role() == ReplicaRole.Kind.FOLLOWER
        ? status.view().refuseFollowerFetch(offset, leaderEpoch)
        : status.view().refuseFetch(offset, leaderEpoch);
  }

  /** What was read counts only if the replica still had its role in the same epoch afterwards. */
  private ReadResult checked(LogSlice slice, long offset, ReadView view, boolean following) {
    PartitionStatus after = status;
    ReadView now = after.view();
    ErrorCode refused = refuse(after, offset, view.leaderEpoch(), following);
    return refused == null
        ? new ReadResult.Batches(
            slice, view.highWatermark(), now.logStartOffset(), view.leaderEpoch())
        : new ReadResult.Failed(
            refused, ReadRefusals.explain(refused, offset, view.leaderEpoch(), now));
  }

  @Override
  public ParkedReader awaitAdvance(long offset, Runnable wake) {
    return awaitAdvance(offset, wake, false);
  }

  @Override
  public ParkedReader awaitAdvanceHere(long offset, Runnable wake) {
    return awaitAdvance(offset, wake, true);
  }

  private ParkedReader awaitAdvance(long offset, Runnable wake, boolean following) {
    ReadView before = status.view();
    ParkedReaders.Parked parked = readers.park(offset, wake);
    PartitionStatus after = status;
    ReadView now = after.view();
    boolean serving = now.leading() || (following && after.role() == ReplicaRole.Kind.FOLLOWER);
    // Looked at after parking, so that no advance falls between.
    if (!serving || now.highWatermark() > offset || now.leaderEpoch() != before.leaderEpoch()) {
      parked.wake();
    }
    return parked;
  }

  @Override
  public CompletableFuture<OffsetResult> offsetForTimestamp(long timestampMs, int leaderEpoch) {
    return search(leaderEpoch, upTo -> log.find(timestampMs, upTo));
  }

  @Override
  public CompletableFuture<OffsetResult> newest(int leaderEpoch) {
    return search(leaderEpoch, log::newest);
  }

  @Override
  public LeaderEpochHistory leaderEpochs() {
    return log.epochs();
  }

  private interface Search {
    Optional<TimestampOffset> upTo(long offset) throws IOException;
  }

  private CompletableFuture<OffsetResult> search(int leaderEpoch, Search search) {
    ReadView view = status.view();
    ErrorCode refused = view.refuseListOffsets(leaderEpoch);
    if (refused != null) {
      return CompletableFuture.completedFuture(
          new OffsetResult.Failed(refused, ReadRefusals.explain(refused, 0, leaderEpoch, view)));
    }
    return onReadPool(
        () -> {
          try {
            return search
                .upTo(view.highWatermark())
                .<OffsetResult>map(OffsetResult.Found::new)
                .orElseGet(OffsetResult.NotFound::new);
          } catch (IOException e) {
            unreadable(e);
            return new OffsetResult.Failed(ErrorCode.STORAGE_ERROR, String.valueOf(e));
          }
        },
        e -> new OffsetResult.Failed(e.code(), String.valueOf(e.getMessage())));
  }

  @Override
  public CompletableFuture<DeleteRecordsResult> deleteRecords(long beforeOffset) {
    if (!settings.cleanup().delete()) {
      return CompletableFuture.completedFuture(
          new DeleteRecordsResult.Failed(
              ErrorCode.POLICY_VIOLATION,
              "expected a topic with delete in its cleanup.policy, but its records only go by"
                  + " compaction"));
    }
    CompletableFuture<DeleteRecordsResult> result = new CompletableFuture<>();
    loop.execute(() -> result.complete(owner.deleteRecords(beforeOffset)));
    return result;
  }

  @Override
  public CompletableFuture<List<ActiveProducer>> activeProducers() {
    CompletableFuture<List<ActiveProducer>> result = new CompletableFuture<>();
    loop.execute(() -> result.complete(owner.activeProducers()));
    return result;
  }

  /** What the metadata says of the topic. */
  TopicSettings settings() {
    return settings;
  }

  private <T> CompletableFuture<T> onReadPool(
      Supplier<T> reading, java.util.function.Function<JangadaException, T> onRefusal) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      shared.readPool().execute(() -> result.complete(reading.get()));
    } catch (JangadaException e) {
      result.complete(onRefusal.apply(e));
    }
    return result;
  }

  // ---- the leader's ends of the streams

  @Override
  public void subscribed(
      FollowerSession follower,
      UUID topicId,
      int leaderEpoch,
      long fromOffset,
      int lastEpoch,
      PushTarget target) {
    PartitionEvent.FollowerSubscribed event =
        new PartitionEvent.FollowerSubscribed(
            follower, topicId, leaderEpoch, fromOffset, lastEpoch);
    loop.execute(() -> owner.subscribed(event, target));
  }

  @Override
  public void acked(FollowerSession follower, long durableLeo) {
    loop.execute(() -> owner.step(new PartitionEvent.FollowerAcked(follower, durableLeo)));
  }

  @Override
  public void gone(FollowerSession follower) {
    loop.execute(() -> owner.gone(follower));
  }

  @Override
  public long logEndOffset() {
    return log.logEndOffset();
  }

  @Override
  public long highWatermark() {
    return status.view().highWatermark();
  }

  @Override
  public long logStartOffset() {
    return status.view().logStartOffset();
  }

  @Override
  public Optional<LogSlice> readCached(long offset, int maxBytes) {
    return log.readCached(offset, maxBytes, log.logEndOffset());
  }

  @Override
  public void readCold(long offset, int maxBytes, Consumer<ColdRead> done) {
    shared.metrics().coldRead();
    shared
        .readPool()
        .execute(
            () -> {
              ColdRead result;
              try {
                result = new ColdRead.Done(log.read(offset, maxBytes, log.logEndOffset()));
              } catch (IOException e) {
                unreadable(e);
                result = new ColdRead.Failed(e);
              }
              done.accept(result);
            });
  }

  // ---- the follower's ends of the streams

  @Override
  public void answered(long session, SubscribeAnswer answer) {
    loop.execute(() -> owner.step(new PartitionEvent.SubscribeAnswered(session, answer)));
  }

  @Override
  public void replicated(
      long session,
      List<RecordBatch> batches,
      long highWatermark,
      long logStartOffset,
      Credit credit) {
    loop.execute(() -> owner.replicated(session, batches, highWatermark, logStartOffset, credit));
  }

  @Override
  public void moved(long session) {
    loop.execute(() -> owner.step(new PartitionEvent.StreamMoved(session)));
  }

  @Override
  public void lost(long session) {
    loop.execute(() -> owner.step(new PartitionEvent.StreamLost(session)));
  }

  // ---- the log directory

  @Override
  public void durable(LogEnd end) {
    loop.execute(() -> owner.durable(end));
  }

  @Override
  public void checkpointDue() {
    loop.execute(owner::checkpoint);
  }

  @Override
  public void damaged(String reason) {
    damage = reason;
    lost(reason);
  }

  @Override
  public ByteBuffer producers() {
    return owner.producers();
  }

  /** Rule 21: what had been durable is not what was written; none of it is served. */
  void unreadable(IOException e) {
    if (e instanceof CorruptLogException) {
      String reason = "damage found while reading: " + e.getMessage();
      directory.damaged(directoryLog, reason);
      damaged(reason);
    }
  }

  /** Takes the replica out of service for good; the quorum is to take its rights. Any thread. */
  void fail(String reason) {
    directory.damaged(directoryLog, reason);
    lost(reason);
  }

  /** Has the quorum take the replica's rights, once more. Any thread. */
  void relinquish(String reason) {
    shared.lost().accept(new LostReplicas(Set.of(id), reason, Optional.empty()));
  }

  /** It was fetched anew, and has all that it takes. Owner only. */
  void rebuilt() {
    logger.info("{}: the replica has been fetched anew, up to what is committed", this);
    shared.metrics().rebuilt();
    Rebuild.note(id, directory, shared.readPool());
  }

  private void lost(String reason) {
    if (failing.compareAndSet(false, true)) {
      shared.lost().accept(new LostReplicas(Set.of(id), reason, Optional.empty()));
      loop.execute(() -> owner.stop(ErrorCode.STORAGE_ERROR, reason));
    }
  }

  @Override
  public String toString() {
    return name + " (" + id.topicId() + ")";
  }
}
