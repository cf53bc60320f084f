// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.InternalTopics;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.groups.OffsetsLog;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigs;
import io.jangada.metadata.image.TopicImage;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.ReadView;
import io.jangada.replication.runtime.PartitionHandle;
import io.jangada.replication.runtime.PartitionRegistry;
import io.jangada.replication.runtime.PartitionStatus;
import io.jangada.replication.runtime.ReadResult;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** The replicas of {@code __consumer_offsets} on this broker, as a log of groups. Thread-safe. */
final class OffsetsPartitions implements OffsetsLog {
  /** The partition's thread takes it in microseconds; it stands still only where all does. */
  private static final long APPEND_PATIENCE_MS = 5_000;

  private final ClusterMetadata metadata;
  private final PartitionRegistry registry;

  OffsetsPartitions(ClusterMetadata metadata, PartitionRegistry registry) {
    this.metadata = metadata;
    this.registry = registry;
  }

  @Override
  public Optional<View> view(int partition) {
    return find(partition).map(handle -> view(handle.status().view()));
  }

  private static View view(ReadView view) {
    return new View(
        view.leading(),
        view.leaderEpoch(),
        view.logStartOffset(),
        view.highWatermark(),
        view.logEndOffset());
  }

  @Override
  public long append(int partition, int leaderEpoch, ByteBuffer batch) {
    PartitionHandle handle = require(partition);
    requireInSyncReplicas(handle);
    RecordBatch records = RecordBatch.at(batch);
    // Not awaited here: the coordinator goes on with the next one, and answers by the high
    // watermark.
    AppendResult result =
        taken(handle.append(records, Acks.NONE, leaderEpoch, APPEND_PATIENCE_MS), handle);
    return switch (result) {
      case AppendResult.Appended appended -> appended.baseOffset() + records.lastOffsetDelta() + 1;
      case AppendResult.InvalidRecords(ErrorCode code, var invalid) ->
          throw new JangadaException(code, handle.name() + ": " + invalid.getFirst().message());
      case AppendResult.UnexpectedOffset(long end) ->
          throw new IllegalStateException("no offset was expected, but the log ends at " + end);
      case AppendResult.Failed(ErrorCode code, boolean definite, String message) ->
          throw new JangadaException(code, handle.name() + ": " + message, "", definite, null);
    };
  }

  private static AppendResult taken(
      CompletableFuture<AppendResult> answer, PartitionHandle handle) {
    try {
      return answer.get(APPEND_PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw untaken(handle, e);
    } catch (TimeoutException e) {
      throw untaken(handle, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("appends complete with a result", e);
    }
  }

  private static JangadaException untaken(PartitionHandle handle, Exception cause) {
    return new JangadaException(
        ErrorCode.REQUEST_TIMED_OUT,
        "expected "
            + handle.name()
            + " to take a batch within "
            + APPEND_PATIENCE_MS
            + " ms, but it did not",
        "",
        false,
        cause);
  }

  /** Refused at once, as a producer that waits for all in-sync replicas is. */
  private void requireInSyncReplicas(PartitionHandle handle) {
    PartitionStatus status = handle.status();
    int required = Math.min(configs().minInsyncReplicas(), status.replicas());
    if (status.view().leading() && status.isr().size() < required) {
      throw new JangadaException(
          ErrorCode.NOT_ENOUGH_REPLICAS,
          "expected "
              + required
              + " in-sync replicas of "
              + handle.name()
              + ", but there are "
              + status.isr().size());
    }
  }

  @Override
  public int maxBatchBytes() {
    return configs().maxMessageBytes();
  }

  private TopicConfigs configs() {
    MetadataImage image = metadata.image();
    return image.configs(topic(image));
  }

  @Override
  public CompletableFuture<Read> read(int partition, int leaderEpoch, long offset, int maxBytes) {
    PartitionHandle handle = require(partition);
    return handle
        .read(offset, maxBytes, leaderEpoch)
        .thenApply(
            result ->
                switch (result) {
                  case ReadResult.Batches read ->
                      new Read(
                          read.slice().buffers(), read.slice().nextOffset(), read.highWatermark());
                  case ReadResult.Failed(ErrorCode code, String message) ->
                      throw new JangadaException(code, handle.name() + ": " + message);
                });
  }

  @Override
  public Watch follow(int partition, int leaderEpoch, long offset, LongConsumer advanced) {
    return HighWatermarkWatch.start(require(partition), leaderEpoch, offset, advanced);
  }

  private PartitionHandle require(int partition) {
    return find(partition)
        .orElseThrow(
            () ->
                new JangadaException(
                    ErrorCode.NOT_LEADER,
                    "expected a replica of "
                        + InternalTopics.OFFSETS
                        + "-"
                        + partition
                        + " here, but there is none"));
  }

  private Optional<PartitionHandle> find(int partition) {
    TopicImage topic = metadata.image().topic(InternalTopics.OFFSETS);
    return topic == null ? Optional.empty() : registry.find(topic.partitionId(partition));
  }

  private static TopicImage topic(MetadataImage image) {
    TopicImage topic = image.topic(InternalTopics.OFFSETS);
    if (topic == null) {
      throw new JangadaException(
          ErrorCode.UNKNOWN_TOPIC,
          "expected " + InternalTopics.OFFSETS + ", but it has been deleted");
    }
    return topic;
  }
}
