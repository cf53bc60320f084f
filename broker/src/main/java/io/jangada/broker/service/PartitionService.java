// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatches;
import io.jangada.record.RecordTimes;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.core.ReadView;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.log.TimestampOffset;
import io.jangada.replication.runtime.ActiveProducer;
import io.jangada.replication.runtime.OffsetResult;
import io.jangada.replication.runtime.ParkedReader;
import io.jangada.replication.runtime.PartitionHandle;
import io.jangada.replication.runtime.PartitionRegistry;
import io.jangada.replication.runtime.PartitionStatus;
import io.jangada.replication.runtime.ReadResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Appends, fetches, offsets and producers over the replicas that this broker holds. Thread-safe.
 */
public final class PartitionService
    implements AppendService, FetchService, OffsetService, ProducerDescriptions {
  private static final long NONE = -1;
  private static final ListedOffset NO_OFFSET =
      new ListedOffset(NONE, NONE, FetchService.ANY_EPOCH);

  private final LocalPartitions partitions;
  private final IntSupplier maxBatchBytes;

  /**
   * Serves the replicas in the registry.
   *
   * @param maxBatchBytes larger batches are refused, whatever their topic says; asked for each
   */
  public PartitionService(
      int brokerId,
      ClusterMetadata metadata,
      PartitionRegistry registry,
      IntSupplier maxBatchBytes) {
    this.partitions = new LocalPartitions(brokerId, metadata, registry);
    this.maxBatchBytes = maxBatchBytes;
  }

  @Override
  public CompletableFuture<Appended> append(
      PartitionRef ref, RecordBatch batch, Acks acks, long expectedOffset, Duration timeout) {
    PartitionHandle handle;
    try {
      handle = partitions.find(ref);
      requireUsers(handle.name().topic());
      requireSize(batch.sizeInBytes(), maxBatchBytes.getAsInt());
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return handle
        .append(batch, acks, FetchService.ANY_EPOCH, expectedOffset, timeout.toMillis())
        .thenApply(
            result ->
                switch (result) {
                  case AppendResult.Appended(long baseOffset, long timestampMs) ->
                      new Appended(
                          baseOffset, handle.status().view().logStartOffset(), timestampMs);
                  case AppendResult.UnexpectedOffset(long logEndOffset) ->
                      throw new UnexpectedOffsetException(expectedOffset, logEndOffset);
                  case AppendResult.InvalidRecords(ErrorCode code, var records) ->
                      throw new InvalidRecordsException(code, records);
                  case AppendResult.Failed(ErrorCode code, boolean definite, String message) ->
                      throw partitions.refusal(ref, code, message, definite);
                });
  }

  /** What others write there, the coordinator of groups would take for its own. */
  private static void requireUsers(String topic) {
    if (InternalTopics.isInternal(topic)) {
      throw new JangadaException(
          ErrorCode.INVALID_TOPIC_NAME,
          "expected a topic of users, but nobody but the cluster itself writes to " + topic);
    }
  }

  private static void requireSize(int bytes, int maxBytes) {
    if (bytes > maxBytes) {
      throw new JangadaException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "expected a batch of at most " + maxBytes + " bytes, but it has " + bytes,
          "send smaller batches, or raise log.max-batch-size");
    }
  }

  @Override
  public long logStartOffset(PartitionRef ref) {
    try {
      return partitions.find(ref).status().view().logStartOffset();
    } catch (JangadaException notHere) {
      return NONE;
    }
  }

  @Override
  public CompletableFuture<Fetched> fetch(
      PartitionRef ref, long offset, int leaderEpoch, int maxBytes) {
    return fetch(ref, handle -> handle.read(offset, maxBytes, leaderEpoch));
  }

  @Override
  public CompletableFuture<Fetched> fetchHere(
      PartitionRef ref, long offset, int leaderEpoch, int maxBytes) {
    return fetch(ref, handle -> handle.readHere(offset, maxBytes, leaderEpoch));
  }

  @Override
  public Fetched look(PartitionRef ref, long offset, int leaderEpoch, boolean anyReplica) {
    PartitionStatus status = partitions.find(ref).status();
    ReadView view = status.view();
    ErrorCode refused =
        anyReplica && status.role() == ReplicaRole.Kind.FOLLOWER
            ? view.refuseFollowerFetch(offset, leaderEpoch)
            : view.refuseFetch(offset, leaderEpoch);
    if (refused != null) {
      throw partitions.refusal(
          ref, refused, "expected to read " + ref + " from offset " + offset + ", but " + refused);
    }
    return new Fetched(
        List.of(), 0, offset, view.leaderEpoch(), view.highWatermark(), view.logStartOffset());
  }

  private CompletableFuture<Fetched> fetch(
      PartitionRef ref, Function<PartitionHandle, CompletableFuture<ReadResult>> readFrom) {
    PartitionHandle handle;
    try {
      handle = partitions.find(ref);
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return readFrom
        .apply(handle)
        .thenApply(
            result ->
                switch (result) {
                  case ReadResult.Batches read ->
                      new Fetched(
                          read.slice().buffers(),
                          read.slice().sizeBytes(),
                          read.slice().nextOffset(),
                          read.leaderEpoch(),
                          read.highWatermark(),
                          read.logStartOffset());
                  case ReadResult.Failed(ErrorCode code, String message) ->
                      throw partitions.refusal(ref, code, message);
                });
  }

  @Override
  public Parked park(PartitionRef ref, long offset, Runnable wake) {
    ParkedReader parked = partitions.find(ref).awaitAdvance(offset, wake);
    return parked::close;
  }

  @Override
  public Parked parkHere(PartitionRef ref, long offset, Runnable wake) {
    ParkedReader parked = partitions.find(ref).awaitAdvanceHere(offset, wake);
    return parked::close;
  }

  @Override
  public CompletableFuture<ListedOffset> beginning(PartitionRef ref, int leaderEpoch) {
    return ofReplica(ref, handle -> beginning(handle, listing(ref, handle, leaderEpoch)));
  }

  private static ListedOffset beginning(PartitionHandle handle, ReadView view) {
    int epoch = handle.leaderEpochs().epochOf(view.logStartOffset());
    return new ListedOffset(
        view.logStartOffset(),
        NONE,
        epoch == LeaderEpochHistory.NO_EPOCH ? view.leaderEpoch() : epoch);
  }

  @Override
  public CompletableFuture<ListedOffset> beginningHere(PartitionRef ref, int leaderEpoch) {
    return ofReplica(ref, handle -> beginning(handle, listingHere(ref, handle, leaderEpoch)));
  }

  @Override
  public CompletableFuture<ListedOffset> endHere(PartitionRef ref, int leaderEpoch) {
    return ofReplica(
        ref,
        handle -> {
          ReadView view = listingHere(ref, handle, leaderEpoch);
          return new ListedOffset(view.logEndOffset(), NONE, view.leaderEpoch());
        });
  }

  private ReadView listingHere(PartitionRef ref, PartitionHandle handle, int leaderEpoch) {
    PartitionStatus status = handle.status();
    ErrorCode refused =
        status.role() == ReplicaRole.Kind.OFFLINE
            ? ErrorCode.NOT_LEADER
            : status.view().refuseEpochOf(leaderEpoch);
    if (refused != null) {
      throw partitions.refusal(ref, refused, "expected a replica in service, but " + refused);
    }
    return status.view();
  }

  @Override
  public CompletableFuture<ListedOffset> end(PartitionRef ref, int leaderEpoch) {
    return ofReplica(
        ref,
        handle -> {
          ReadView view = listing(ref, handle, leaderEpoch);
          return new ListedOffset(view.highWatermark(), NONE, view.leaderEpoch());
        });
  }

  @Override
  public CompletableFuture<ListedOffset> atTimestamp(
      PartitionRef ref, long timestampMs, int leaderEpoch) {
    return find(
        ref,
        handle -> handle.offsetForTimestamp(timestampMs, leaderEpoch),
        (found, batch) -> firstAtOrAfter(timestampMs, batch));
  }

  @Override
  public CompletableFuture<ListedOffset> newest(PartitionRef ref, int leaderEpoch) {
    return find(
        ref,
        handle -> handle.newest(leaderEpoch),
        (found, batch) -> firstAtOrAfter(found.timestampMs(), batch));
  }

  private CompletableFuture<ListedOffset> find(
      PartitionRef ref,
      Function<PartitionHandle, CompletableFuture<OffsetResult>> search,
      BiFunction<TimestampOffset, Fetched, ListedOffset> pick) {
    PartitionHandle handle;
    try {
      handle = partitions.find(ref);
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return search
        .apply(handle)
        .thenCompose(
            result ->
                switch (result) {
                  case OffsetResult.Found(TimestampOffset at) ->
                      fetch(ref, at.offset(), FetchService.ANY_EPOCH, 1)
                          .thenApply(batch -> pick.apply(at, batch));
                  case OffsetResult.NotFound none -> CompletableFuture.completedFuture(NO_OFFSET);
                  case OffsetResult.Failed(ErrorCode code, String message) ->
                      throw partitions.refusal(ref, code, message);
                });
  }

  @Override
  public CompletableFuture<EpochEnd> endOfEpoch(PartitionRef ref, int leaderEpoch, int epoch) {
    return ofReplica(
        ref,
        handle -> {
          ReadView view = handle.status().view();
          ErrorCode refused = view.refuseListOffsets(leaderEpoch);
          if (refused != null && refused != ErrorCode.OFFSET_NOT_AVAILABLE) {
            throw partitions.refusal(ref, refused, "expected its leader, but " + refused);
          }
          return endOfEpoch(handle.leaderEpochs(), view, epoch);
        });
  }

  /** An epoch in which nothing was written yet begins and ends where the log does. */
  private static EpochEnd endOfEpoch(LeaderEpochHistory epochs, ReadView view, int epoch) {
    if (epoch < 0 || epoch > view.leaderEpoch()) {
      return EpochEnd.UNKNOWN;
    }
    if (epoch == view.leaderEpoch()) {
      return new EpochEnd(epoch, view.logEndOffset());
    }
    int floor = epochs.floorEpoch(epoch);
    return floor == LeaderEpochHistory.NO_EPOCH
        ? new EpochEnd(epoch, epochs.size() == 0 ? view.logEndOffset() : epochs.startOffsetAt(0))
        : new EpochEnd(floor, epochs.endOffsetOf(floor, view.logEndOffset()));
  }

  @Override
  public CompletableFuture<List<Producer>> describe(PartitionRef ref) {
    try {
      return partitions
          .find(ref)
          .activeProducers()
          .thenApply(producers -> producers.stream().map(PartitionService::producer).toList());
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private static Producer producer(ActiveProducer active) {
    return new Producer(
        active.producerId(),
        active.producerEpoch(),
        active.lastSequence(),
        active.lastTimestampMs());
  }

  /** The log finds the batch; which of its records it is only the batch itself can tell. */
  private static ListedOffset firstAtOrAfter(long timestampMs, Fetched found) {
    for (ByteBuffer bytes : found.batches()) {
      for (RecordBatch batch : RecordBatches.in(bytes)) {
        Optional<RecordTimes.OffsetAt> record = RecordTimes.firstAtOrAfter(batch, timestampMs);
        if (record.isPresent()) {
          return new ListedOffset(
              record.get().offset(), record.get().timestampMs(), batch.partitionLeaderEpoch());
        }
      }
    }
    return NO_OFFSET;
  }

  private <T> CompletableFuture<T> ofReplica(PartitionRef ref, Function<PartitionHandle, T> ask) {
    try {
      return CompletableFuture.completedFuture(ask.apply(partitions.find(ref)));
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private ReadView listing(PartitionRef ref, PartitionHandle handle, int leaderEpoch) {
    ReadView view = handle.status().view();
    ErrorCode refused = view.refuseListOffsets(leaderEpoch);
    if (refused != null) {
      throw partitions.refusal(
          ref, refused, "expected a leader that knows its high watermark, but " + refused);
    }
    return view;
  }
}
