// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays the log of an offsets partition into its new coordinator, on a thread of its own.
 * Everything that the log held when this broker became its leader is replayed, and only what is
 * committed: a coordinator never knows what could be truncated. What is not committed yet is waited
 * for; nobody else writes meanwhile. Thread-safe.
 */
final class OffsetsLoader implements CoordinatorLoader<CoordinatorRecord> {
  private static final Logger log = LoggerFactory.getLogger(OffsetsLoader.class);
  private static final int READ_BYTES = 1024 * 1024;

  /**
   * The replica becomes leader moments after the metadata says so, on its own thread; at a start
   * not before the broker is registered.
   */
  private static final long FIRST_POLL_MS = 1;

  private static final long LAST_POLL_MS = 50;

  /** Then it is looked again whether there is still something to wait for. */
  private static final long PATIENCE_MS = 500;

  /** How much is replayed before the coordinator forgets what it was before. */
  private static final long COMMIT_INTERVAL_OFFSETS = 16_384;

  private final OffsetsLog offsets;
  private final LedPartitions led;
  private final Deserializer<CoordinatorRecord> deserializer;
  private final Map<Integer, CompletableFuture<Boolean>> loads = new ConcurrentHashMap<>();
  private volatile boolean closed;

  OffsetsLoader(
      OffsetsLog offsets, LedPartitions led, Deserializer<CoordinatorRecord> deserializer) {
    this.offsets = offsets;
    this.led = led;
    this.deserializer = deserializer;
  }

  @Override
  public CompletableFuture<LoadSummary> load(
      TopicPartition partition, CoordinatorPlayback<CoordinatorRecord> coordinator) {
    CompletableFuture<LoadSummary> loaded = new CompletableFuture<>();
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    loads.put(partition.partition(), told);
    Thread.ofVirtual()
        .name("load-" + partition)
        .start(
            () -> {
              try {
                Load load = new Load(partition, coordinator);
                try {
                  loaded.complete(load.run());
                } finally {
                  // Only now: the coordinator is in service for whoever has waited.
                  led.loaded(partition.partition(), load.epoch);
                }
              } catch (JangadaException e) {
                loaded.completeExceptionally(LogFailures.toKafka(e));
              } catch (InterruptedException | RuntimeException e) {
                loaded.completeExceptionally(e);
              } finally {
                // Whoever asked for it has been told by now, which is more than completed.
                told.complete(true);
              }
            });
    return loaded;
  }

  /** Completes when nothing is loaded any more of a partition that was resigned. */
  CompletableFuture<Boolean> ended(int partition) {
    return loads.getOrDefault(partition, CompletableFuture.completedFuture(true));
  }

  @Override
  public void close() {
    closed = true;
  }

  /** The loading of one partition in one epoch. */
  private final class Load {
    private final TopicPartition partition;
    private final CoordinatorPlayback<CoordinatorRecord> coordinator;
    private final int epoch;
    private final long startedMs = System.currentTimeMillis();
    private long committedOffset;
    private long records;
    private long bytes;

    Load(TopicPartition partition, CoordinatorPlayback<CoordinatorRecord> coordinator) {
      this.partition = partition;
      this.coordinator = coordinator;
      this.epoch = led.epochOf(partition);
    }

    LoadSummary run() throws InterruptedException {
      OffsetsLog.View begun = awaitLeading();
      long offset = begun.logStartOffset();
      long end = begun.logEndOffset();
      while (offset < end) {
        requireCurrent();
        OffsetsLog.Read read = await(readFrom(offset));
        if (read.nextOffset() > offset) {
          read.batches().forEach(this::replay);
          offset = read.nextOffset();
          commitNowAndThen(offset, end);
        } else if (offset >= read.highWatermark()) {
          awaitCommitted(offset);
        } else {
          throw new IllegalStateException(
              "expected records of " + partition + " from offset " + offset + ", but got none");
        }
      }
      if (committedOffset < end) {
        // Nothing of it is left, yet the next record's offset is that one.
        commitNowAndThen(end, end);
      }
      requireCurrent();
      return new LoadSummary(startedMs, System.currentTimeMillis(), 0, records, bytes);
    }

    private OffsetsLog.View awaitLeading() throws InterruptedException {
      long pollMs = FIRST_POLL_MS;
      while (true) {
        requireCurrent();
        OffsetsLog.View view = offsets.view(partition.partition()).orElse(null);
        if (view != null && view.leading() && view.leaderEpoch() == epoch) {
          return view;
        }
        if (view != null && view.leaderEpoch() > epoch) {
          throw new NotLeaderOrFollowerException(partition + " is led in a later epoch");
        }
        Thread.sleep(pollMs);
        pollMs = Math.min(2 * pollMs, LAST_POLL_MS);
      }
    }

    private void requireCurrent() {
      if (closed || !led.isCurrent(partition.partition(), epoch)) {
        throw new NotLeaderOrFollowerException(
            partition + " is not coordinated in epoch " + epoch + " any more");
      }
    }

    private CompletableFuture<OffsetsLog.Read> readFrom(long offset) {
      return offsets.read(partition.partition(), epoch, offset, READ_BYTES);
    }

    private void awaitCommitted(long offset) throws InterruptedException {
      CompletableFuture<Long> advanced = new CompletableFuture<>();
      try (OffsetsLog.Watch _ =
          offsets.follow(partition.partition(), epoch, offset, advanced::complete)) {
        advanced.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException stillWaiting) {
        log.debug("{} is not committed up to its end yet, at {}", partition, offset);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    private void replay(ByteBuffer read) {
      MemoryRecords batches = MemoryRecords.readableRecords(read.duplicate());
      bytes += batches.sizeInBytes();
      for (RecordBatch batch : batches.batches()) {
        for (Record record : batch) {
          records++;
          if (batch.isControlBatch()) {
            replayMarker(batch, record);
          } else {
            replay(batch, record);
          }
        }
      }
    }

    private void replay(RecordBatch batch, Record record) {
      CoordinatorRecord known;
      try {
        known = deserializer.deserialize(record.key(), record.value());
      } catch (Deserializer.UnknownRecordTypeException e) {
        // Kafka does the same: a later version wrote it, and was taken back.
        log.warn(
            "{} has a record of the unknown type {} at offset {}; it is skipped",
            partition,
            e.unknownType(),
            record.offset());
        return;
      }
      coordinator.replay(record.offset(), batch.producerId(), batch.producerEpoch(), known);
    }

    private void replayMarker(RecordBatch batch, Record record) {
      ControlRecordType type = ControlRecordType.parse(record.key());
      if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
        coordinator.replayEndTransactionMarker(
            batch.producerId(),
            batch.producerEpoch(),
            type == ControlRecordType.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT);
      }
    }

    private void commitNowAndThen(long offset, long end) {
      if (offset >= end || offset - committedOffset >= COMMIT_INTERVAL_OFFSETS) {
        coordinator.updateLastWrittenOffset(offset);
        coordinator.updateLastCommittedOffset(offset);
        committedOffset = offset;
      }
    }
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof JangadaException refused) {
        throw refused;
      }
      throw e;
    }
  }
}
