// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.core.ReadView;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.directory.LogDirectory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A replica whose log could not be opened. It serves nobody and touches nothing, so that whoever
 * repairs it finds what was there.
 *
 * @param partition its identity
 * @param name its name
 * @param reason why
 * @param directory where its files lie; null if there are none
 */
record FailedPartition(
    TopicIdPartition partition,
    TopicPartition name,
    String reason,
    @Nullable LogDirectory directory)
    implements PartitionHandle {
  private static final int NO_EPOCH = -1;
  private static final PartitionStatus OFFLINE =
      new PartitionStatus(
          ReplicaRole.Kind.OFFLINE,
          -1,
          new ReadView(false, NO_EPOCH, 0, 0, 0, false),
          0,
          List.of(),
          0);

  @Override
  public PartitionStatus status() {
    return OFFLINE;
  }

  @Override
  public CompletableFuture<AppendResult> append(
      RecordBatch batch, Acks acks, int expectedLeaderEpoch, long expectedOffset, long timeoutMs) {
    return CompletableFuture.completedFuture(
        new AppendResult.Failed(ErrorCode.STORAGE_ERROR, true, reason));
  }

  @Override
  public CompletableFuture<ReadResult> read(long offset, int maxBytes, int leaderEpoch) {
    return CompletableFuture.completedFuture(
        new ReadResult.Failed(ErrorCode.STORAGE_ERROR, reason));
  }

  @Override
  public CompletableFuture<ReadResult> readHere(long offset, int maxBytes, int leaderEpoch) {
    return read(offset, maxBytes, leaderEpoch);
  }

  @Override
  public ParkedReader awaitAdvanceHere(long offset, Runnable wake) {
    return awaitAdvance(offset, wake);
  }

  @Override
  public ParkedReader awaitAdvance(long offset, Runnable wake) {
    wake.run();
    return () -> {};
  }

  @Override
  public CompletableFuture<DeleteRecordsResult> deleteRecords(long beforeOffset) {
    return CompletableFuture.completedFuture(
        new DeleteRecordsResult.Failed(ErrorCode.STORAGE_ERROR, reason));
  }

  @Override
  public CompletableFuture<OffsetResult> newest(int leaderEpoch) {
    return offsetForTimestamp(0, leaderEpoch);
  }

  @Override
  public LeaderEpochHistory leaderEpochs() {
    return new LeaderEpochHistory();
  }

  @Override
  public CompletableFuture<List<ActiveProducer>> activeProducers() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<OffsetResult> offsetForTimestamp(long timestampMs, int leaderEpoch) {
    return CompletableFuture.completedFuture(
        new OffsetResult.Failed(ErrorCode.STORAGE_ERROR, reason));
  }
}
