// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.log.LogSlice;
import io.jangada.replication.log.TestBatches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Elections, restarts and power losses while batches are being sent: what was acknowledged is in
 * every log.
 */
@Timeout(120)
class UnderFireTest {
  private static final int PARTITIONS = 4;
  private static final int ROUNDS = 12;
  private static final long SEED = 20261121;
  private static final int HEADER_BYTES = RecordBatch.HEADER_BYTES;

  @TempDir Path temp;
  private final Random random = new Random(SEED);
  private final Map<TopicIdPartition, Map<Long, Integer>> acknowledged = new HashMap<>();
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();
  private int lastSeed;

  @Test
  void whatWasAcknowledgedIsInEveryLog() throws IOException {
    ReplicationLimits limits =
        new ReplicationLimits(1 << 20, 32 << 20, 4_096, 64, 100, 256 << 10, 0);
    try (LocalCluster cluster = new LocalCluster(temp, limits)) {
      for (int id = 1; id <= 3; id++) {
        cluster.start(id);
      }
      List<TopicIdPartition> partitions = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        TopicIdPartition id = cluster.create(2, 1 + i % 3, 1 + (i + 1) % 3, 1 + (i + 2) % 3);
        partitions.add(id);
        acknowledged.put(id, new ConcurrentHashMap<>());
      }
      for (int round = 0; round < ROUNDS; round++) {
        send(cluster, partitions, 60);
        disturb(cluster, partitions);
        send(cluster, partitions, 60);
      }
      // Each producer is answered, whatever happened to its leader.
      CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
      partitions.forEach(id -> settle(cluster, id));
      for (TopicIdPartition id : partitions) {
        byte[] log = bytes(cluster.broker(1), id);
        assertThat(Arrays.equals(bytes(cluster.broker(2), id), log)).isTrue();
        assertThat(Arrays.equals(bytes(cluster.broker(3), id), log)).isTrue();
        Map<Long, Integer> inLog = payloads(log);
        assertThat(acknowledged.get(id)).isNotEmpty();
        assertThat(inLog).containsAllEntriesOf(acknowledged.get(id));
      }
    }
  }

  private void disturb(LocalCluster cluster, List<TopicIdPartition> partitions) throws IOException {
    if (random.nextBoolean()) {
      for (TopicIdPartition id : partitions) {
        List<Integer> isr = cluster.isr(id);
        cluster.elect(id, isr.get(random.nextInt(isr.size())));
      }
      return;
    }
    int victim = 1 + random.nextInt(3);
    for (TopicIdPartition id : partitions) {
      // Only what another ISR member can take over; a lone member must not be lost here.
      await(() -> cluster.isr(id).size() == 3);
    }
    if (random.nextBoolean()) {
      cluster.crash(victim);
    } else {
      cluster.stop(victim);
    }
    for (TopicIdPartition id : partitions) {
      if (cluster.leader(id) == victim) {
        int next = cluster.isr(id).stream().filter(each -> each != victim).findAny().orElseThrow();
        cluster.elect(id, next);
      }
    }
    send(cluster, partitions, 40);
    cluster.start(victim);
  }

  private void send(LocalCluster cluster, List<TopicIdPartition> partitions, int batches) {
    for (int i = 0; i < batches; i++) {
      TopicIdPartition id = partitions.get(random.nextInt(partitions.size()));
      int seed = ++lastSeed;
      RecordBatch batch =
          TestBatches.fresh(1 + random.nextInt(4), 4 + random.nextInt(20_000), 1_000, 0);
      batch = TestBatches.withFirstInt(batch, seed);
      Map<Long, Integer> known = acknowledged.get(id);
      answers.add(
          cluster
              .broker(cluster.leader(id))
              .partition(id)
              .append(batch, Acks.ALL, -1, 10_000)
              .thenAccept(
                  result -> {
                    if (result instanceof AppendResult.Appended appended) {
                      known.put(appended.baseOffset(), seed);
                    }
                  }));
    }
  }

  private static void settle(LocalCluster cluster, TopicIdPartition id) {
    await(() -> cluster.isr(id).size() == 3);
    await(
        () -> {
          long end =
              cluster.broker(cluster.leader(id)).partition(id).status().view().logEndOffset();
          for (int broker = 1; broker <= 3; broker++) {
            PartitionStatus status = cluster.broker(broker).partition(id).status();
            if (status.view().logEndOffset() != end || status.view().highWatermark() != end) {
              return false;
            }
          }
          return true;
        });
  }

  private static byte[] bytes(LocalCluster.Broker broker, TopicIdPartition id) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    LocalPartition partition = (LocalPartition) broker.partition(id);
    long offset = partition.log().logStartOffset();
    while (offset < partition.log().logEndOffset()) {
      LogSlice slice = partition.log().read(offset, 1 << 20, Long.MAX_VALUE);
      for (ByteBuffer buffer : slice.buffers()) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        all.writeBytes(copy);
      }
      offset = slice.nextOffset();
    }
    return all.toByteArray();
  }

  private static Map<Long, Integer> payloads(byte[] log) {
    Map<Long, Integer> found = new HashMap<>();
    ByteBuffer rest = ByteBuffer.wrap(log);
    while (rest.hasRemaining()) {
      RecordBatch batch = RecordBatch.at(rest);
      batch.validate();
      found.put(batch.baseOffset(), rest.getInt(rest.position() + HEADER_BYTES));
      rest.position(rest.position() + batch.sizeInBytes());
    }
    return found;
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
