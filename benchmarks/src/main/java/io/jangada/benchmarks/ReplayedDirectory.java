// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.directory.DirectoryLog;
import io.jangada.replication.directory.LogDirectory;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.directory.LogOwner;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.OpenFiles;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.FileStorage;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * A log directory whose logs never checkpoint, so that its journal holds everything: filled by one
 * process that dies at once, opened by another.
 */
final class ReplayedDirectory {
  private static final int PARTITIONS = 1_000;
  private static final int BATCH_BYTES = 64 << 10;
  private static final long JOURNAL_BYTES = 2L << 30;
  private static final int ROUNDS = (int) (JOURNAL_BYTES / BATCH_BYTES / PARTITIONS);
  private static final UUID ID = new UUID(1, 1);
  private static final long PATIENCE_SECONDS = 60;
  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;
  private static final double NANOS_PER_SECOND = 1e9;

  private ReplayedDirectory() {}

  /** The owner of one log, who never asks for a checkpoint. */
  private static final class Owner implements LogOwner {
    private volatile long awaited = Long.MAX_VALUE;
    private volatile CountDownLatch waiting = new CountDownLatch(0);

    void await(long endOffset, CountDownLatch latch) {
      waiting = latch;
      awaited = endOffset;
    }

    @Override
    public void durable(LogEnd end) {
      if (end.endOffset() >= awaited) {
        awaited = Long.MAX_VALUE;
        waiting.countDown();
      }
    }

    @Override
    public void checkpointDue() {
      // The journal is to keep everything.
    }

    @Override
    public void damaged(String reason) {
      throw new IllegalStateException(reason);
    }

    @Override
    public ByteBuffer producers() {
      return ByteBuffer.allocate(0);
    }
  }

  /**
   * Fills or opens a directory.
   *
   * @param args {@code fill} or {@code open}, and the directory; {@code open} prints the seconds
   */
  public static void main(String[] args) throws Exception {
    Path path = Path.of(args[1]);
    if (args[0].equals("fill")) {
      fill(open(path));
    } else {
      long begunNs = System.nanoTime();
      LogDirectory directory = open(path);
      System.out.println((System.nanoTime() - begunNs) / NANOS_PER_SECOND);
      if (directory.found().size() != PARTITIONS) {
        throw new IllegalStateException(
            "expected " + PARTITIONS + " logs, but found " + directory.found().size());
      }
    }
    // As kill -9 would.
    Runtime.getRuntime().halt(0);
  }

  private static LogDirectory open(Path path) throws IOException {
    LogDirectoryConfig defaults = LogDirectoryConfig.of(path, ID);
    FileStorage storage = new FileStorage();
    return LogDirectory.open(
        new LogDirectoryConfig(
            path,
            ID,
            defaults.journalFileBytes(),
            2 * JOURNAL_BYTES,
            defaults.maxPendingBytes(),
            defaults.quarantineMaxBytes(),
            defaults.recoveryThreads()),
        storage,
        new OpenFiles(storage, PARTITIONS),
        new TailCache(16 << 20),
        new ReplicationMetrics(new CollectorRegistry()),
        e -> {
          throw new IllegalStateException(e);
        });
  }

  private static void fill(LogDirectory directory) throws InterruptedException {
    List<Owner> owners = new ArrayList<>();
    List<DirectoryLog> logs = new ArrayList<>();
    UUID topic = UUID.randomUUID();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      DirectoryLog log = directory.create(new TopicIdPartition(topic, partition), "replay");
      owners.add(new Owner());
      log.owner(owners.getLast());
      logs.add(log);
    }
    for (int round = 0; round < ROUNDS; round++) {
      CountDownLatch durable = new CountDownLatch(PARTITIONS);
      for (int partition = 0; partition < PARTITIONS; partition++) {
        owners.get(partition).await(round + 1L, durable);
        logs.get(partition).log().append(List.of(batch(round)));
      }
      if (!durable.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("expected round " + round + " to be durable by now");
      }
      while (directory.pendingBytes() > directory.config().maxPendingBytes()) {
        // Nobody tells when the segments have caught up, and the heap holds no second round.
        TimeUnit.MILLISECONDS.sleep(1);
      }
    }
  }

  private static RecordBatch batch(long baseOffset) {
    ByteBuffer buffer = ByteBuffer.allocate(BATCH_BYTES);
    buffer.putLong(0).putInt(buffer.capacity() - RecordBatch.LOG_OVERHEAD_BYTES).putInt(-1);
    buffer.put(RecordBatch.MAGIC).putInt(0).putShort((short) 0).putInt(0);
    buffer.putLong(baseOffset).putLong(baseOffset);
    buffer.putLong(RecordBatch.NO_PRODUCER_ID).putShort(RecordBatch.NO_PRODUCER_EPOCH);
    buffer.putInt(RecordBatch.NO_SEQUENCE).putInt(1).clear();
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(ATTRIBUTES_AT, buffer.limit() - ATTRIBUTES_AT));
    buffer.putInt(CRC_AT, (int) crc.getValue());
    RecordBatch batch = RecordBatch.at(buffer);
    batch.assign(baseOffset, 0);
    return batch;
  }
}
