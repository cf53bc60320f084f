// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.DecodedRecord;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatches;
import io.jangada.record.RecordReader;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.ReadView;
import io.jangada.replication.runtime.OffsetResult;
import io.jangada.replication.runtime.ParkedReader;
import io.jangada.replication.runtime.PartitionHandle;
import io.jangada.replication.runtime.PartitionRegistry;
import io.jangada.replication.runtime.PartitionStatus;
import io.jangada.replication.runtime.ReadResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Appends, fetches and offsets over the replicas that this broker holds. Thread-safe. */
public final class PartitionService implements AppendService, FetchService, OffsetService {
  private static final long NONE = -1;
  private static final ListedOffset NO_OFFSET = new ListedOffset(NONE, NONE, ANY_EPOCH);

  private final LocalPartitions partitions;

  /** Serves the replicas in the registry. */
  public PartitionService(int brokerId, ClusterMetadata metadata, PartitionRegistry registry) {
    this.partitions = new LocalPartitions(brokerId, metadata, registry);
  }

  @Override
  public CompletableFuture<Appended> append(
      PartitionRef ref, RecordBatch batch, Acks acks, long expectedOffset, Duration timeout) {
    PartitionHandle handle;
    try {
      handle = partitions.find(ref);
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return handle
        .append(batch, acks, ANY_EPOCH, expectedOffset, timeout.toMillis())
        .thenApply(
            result ->
                switch (result) {
                  case AppendResult.Appended(long baseOffset) ->
                      new Appended(baseOffset, handle.status().view().logStartOffset());
                  case AppendResult.UnexpectedOffset(long logEndOffset) ->
                      throw new UnexpectedOffsetException(expectedOffset, logEndOffset);
                  case AppendResult.Failed(ErrorCode code, boolean definite, String message) ->
                      throw partitions.refusal(ref, code, message, definite);
                });
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
  public CompletableFuture<ListedOffset> beginning(PartitionRef ref) {
    return fromView(ref, ReadView::logStartOffset);
  }

  @Override
  public CompletableFuture<ListedOffset> end(PartitionRef ref) {
    return fromView(ref, ReadView::highWatermark);
  }

  @Override
  public CompletableFuture<ListedOffset> atTimestamp(PartitionRef ref, long timestampMs) {
    PartitionHandle handle;
    try {
      handle = partitions.find(ref);
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return handle
        .offsetForTimestamp(timestampMs, ReadView.ANY_EPOCH)
        .thenCompose(
            result ->
                switch (result) {
                  case OffsetResult.Found found ->
                      fetch(ref, found.at().offset(), ANY_EPOCH, 1)
                          .thenApply(batch -> firstAtOrAfter(timestampMs, batch));
                  case OffsetResult.NotFound none -> CompletableFuture.completedFuture(NO_OFFSET);
                  case OffsetResult.Failed(ErrorCode code, String message) ->
                      throw partitions.refusal(ref, code, message);
                });
  }

  /** The log finds the batch; which of its records it is only the batch itself can tell. */
  private static ListedOffset firstAtOrAfter(long timestampMs, Fetched found) {
    for (ByteBuffer bytes : found.batches()) {
      for (RecordBatch batch : RecordBatches.in(bytes)) {
        RecordReader records = RecordReader.of(batch);
        while (records.hasNext()) {
          DecodedRecord record = records.next();
          if (record.timestampMs() >= timestampMs) {
            return new ListedOffset(
                record.offset(), record.timestampMs(), batch.partitionLeaderEpoch());
          }
        }
      }
    }
    return NO_OFFSET;
  }

  private CompletableFuture<ListedOffset> fromView(
      PartitionRef ref, ToLongFunction<ReadView> offset) {
    try {
      PartitionStatus status = partitions.find(ref).status();
      ErrorCode refused = status.view().refuseListOffsets(ReadView.ANY_EPOCH);
      if (refused != null) {
        throw partitions.refusal(
            ref, refused, "expected a leader that knows its high watermark, but " + refused);
      }
      return CompletableFuture.completedFuture(
          new ListedOffset(offset.applyAsLong(status.view()), NONE, status.view().leaderEpoch()));
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }
}
