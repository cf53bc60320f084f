// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.record.DecodedRecord;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordReader;
import io.jangada.replication.compaction.CompactionSettings;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.log.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compaction between brokers: each compacts its own replica, and they still follow each other. */
@Timeout(60)
class CompactionTest {
  private static final int ANY_EPOCH = -1;
  private static final int KEYS = 50;
  private static final int VALUE_BYTES = 4_000;
  private static final ReplicationLimits SMALL =
      new ReplicationLimits(64 << 10, 16 << 20, 1_024, 64, 100, 1 << 20, 0);
  private static final Cleanup COMPACT =
      new Cleanup(false, true, new CompactionSettings(0.1, 0, Long.MAX_VALUE, 0));

  @TempDir Path temp;
  private LocalCluster cluster;
  private final Map<String, Long> newest = new HashMap<>();

  @BeforeEach
  void startBrokers() throws IOException {
    cluster = new LocalCluster(temp, SMALL);
    cluster.configure(settings -> settings.withSizes(4 << 20, 128 << 10).withCleanup(COMPACT));
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
  }

  @AfterEach
  void stopBrokers() throws IOException {
    cluster.close();
  }

  @Test
  void aFollowerGoesOnWhereItsLeaderHasCompacted() throws IOException {
    TopicIdPartition id = cluster.create(1, 1, 2, 3);
    await("a leader", () -> partition(1, id).status().view().leading());
    append(1, id, 150);
    await("all have all", () -> hasAll(2, id) && hasAll(3, id));
    cluster.stop(3);
    append(1, id, 1_500);
    await("compacted", () -> compactions(1) > 0 && compactions(2) > 0 && isSmall(1, id));
    cluster.start(3);
    await("it has caught up", () -> hasAll(3, id));
    append(1, id, 600);
    await("all have all", () -> hasAll(2, id) && hasAll(3, id));
    check(1, id);
    cluster.elect(id, 3);
    await("the other leads", () -> partition(3, id).status().view().leading());
    append(3, id, 600);
    await("all have all", () -> hasAll(1, id) && hasAll(2, id));
    check(3, id);
    cluster.elect(id, 2);
    await("the second leads", () -> partition(2, id).status().view().leading());
    check(2, id);
  }

  @Test
  void offsetsAndTimesThatAreGoneLeadToWhatComesNext() {
    TopicIdPartition id = cluster.create(1, 1);
    await("a leader", () -> partition(1, id).status().view().leading());
    append(1, id, 1_500);
    await("compacted", () -> compactions(1) > 0 && isSmall(1, id));
    PartitionHandle partition = partition(1, id);
    ReadResult.Batches read = (ReadResult.Batches) partition.read(3, 1, ANY_EPOCH).join();
    assertThat(read.slice().baseOffset()).isLessThanOrEqualTo(3);
    assertThat(read.slice().nextOffset()).isGreaterThan(3);
    OffsetResult.Found found =
        (OffsetResult.Found) partition.offsetForTimestamp(1_000, ANY_EPOCH).join();
    TimestampOffset at = found.at();
    ReadResult.Batches there =
        (ReadResult.Batches) partition.read(at.offset(), 1, ANY_EPOCH).join();
    assertThat(RecordBatch.at(there.slice().buffers().getFirst().duplicate()).recordCount())
        .isPositive();
    check(1, id);
  }

  @Test
  void recordsOfACompactedTopicAreNotDeleted() {
    TopicIdPartition id = cluster.create(1, 1);
    await("a leader", () -> partition(1, id).status().view().leading());
    assertThat(partition(1, id).deleteRecords(0).join())
        .isInstanceOfSatisfying(
            DeleteRecordsResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.POLICY_VIOLATION));
  }

  @Test
  void recordsWithoutKeysAreRefused() {
    TopicIdPartition id = cluster.create(1, 1);
    await("a leader", () -> partition(1, id).status().view().leading());
    RecordBatch batch = new KeyedBatch().add(1, "k", "v").add(2, null, "v").build();
    assertThat(partition(1, id).append(batch, Acks.ALL, ANY_EPOCH, 20_000).join())
        .isInstanceOfSatisfying(
            AppendResult.InvalidRecords.class,
            invalid -> {
              assertThat(invalid.code()).isEqualTo(ErrorCode.INVALID_RECORD);
              assertThat(invalid.records())
                  .extracting(AppendResult.InvalidRecord::index)
                  .containsExactly(1);
            });
    assertThat(partition(1, id).status().view().logEndOffset()).isZero();
  }

  private PartitionHandle partition(int broker, TopicIdPartition id) {
    return cluster.broker(broker).partition(id);
  }

  private void append(int broker, TopicIdPartition id, int count) {
    PartitionHandle partition = partition(broker, id);
    for (int i = 0; i < count; i++) {
      String key = "k" + i % KEYS;
      String value = i % 7 == 0 ? null : "v".repeat(VALUE_BYTES);
      RecordBatch batch = new KeyedBatch().add(1_000 + i, key, value).build();
      AppendResult result = partition.append(batch, Acks.LEADER, ANY_EPOCH, 20_000).join();
      assertThat(result).isInstanceOf(AppendResult.Appended.class);
      if (value == null) {
        newest.remove(key);
      } else {
        newest.put(key, batch.baseOffset());
      }
    }
    await(
        "all is committed",
        () ->
            partition.status().view().highWatermark() == partition.status().view().logEndOffset());
  }

  private boolean hasAll(int broker, TopicIdPartition id) {
    long end = partition(cluster.leader(id), id).status().view().logEndOffset();
    return partition(broker, id).status().view().highWatermark() == end;
  }

  private double compactions(int broker) {
    Double done =
        cluster
            .broker(broker)
            .metrics()
            .getSampleValue(
                "jangada_compaction_passes_total", new String[] {"result"}, new String[] {"done"});
    return done == null ? 0 : done;
  }

  /** Most of what was written in the beginning is gone. */
  private boolean isSmall(int broker, TopicIdPartition id) {
    ReadResult result = partition(broker, id).read(0, 100_000, ANY_EPOCH).join();
    return result instanceof ReadResult.Batches batches && batches.slice().nextOffset() > 700;
  }

  private void check(int broker, TopicIdPartition id) {
    Map<String, Long> read = new HashMap<>();
    PartitionHandle partition = partition(broker, id);
    long offset = 0;
    while (offset < partition.status().view().highWatermark()) {
      ReadResult.Batches batches =
          (ReadResult.Batches) partition.read(offset, 1 << 20, ANY_EPOCH).join();
      assertThat(batches.slice().isEmpty()).isFalse();
      for (ByteBuffer buffer : batches.slice().buffers()) {
        ByteBuffer rest = buffer.duplicate();
        while (rest.hasRemaining()) {
          RecordBatch batch = RecordBatch.at(rest.slice());
          rest.position(rest.position() + batch.sizeInBytes());
          RecordReader reader = RecordReader.of(batch);
          while (reader.hasNext()) {
            DecodedRecord record = reader.next();
            String key = StandardCharsets.UTF_8.decode(record.key()).toString();
            if (record.value() == null) {
              read.remove(key);
            } else {
              read.put(key, record.offset());
            }
          }
        }
      }
      offset = batches.slice().nextOffset();
    }
    assertThat(read).isEqualTo(newest);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
