// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.log.CorruptLogException;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.LogSlice;
import io.jangada.replication.log.OpenFiles;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.log.TestBatches;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.SimDisk;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What has rotted in a segment is never served, wherever it is (rule 21). */
class DamagedReadsTest {
  private static final Path ROOT = Path.of("/logs");
  private static final TopicIdPartition ID = new TopicIdPartition(new UUID(5, 5), 0);
  private static final int BATCHES = 3;

  private static final LogOwner OWNER =
      new LogOwner() {
        @Override
        public void durable(LogEnd end) {}

        @Override
        public void checkpointDue() {}

        @Override
        public void damaged(String reason) {}

        @Override
        public ByteBuffer producers() {
          return ByteBuffer.allocate(0);
        }
      };

  private final SimDisk disk = new SimDisk();

  private LogDirectory open() throws IOException {
    return LogDirectory.open(
        new LogDirectoryConfig(ROOT, new UUID(1, 1), 64 << 10, 4 << 20, 32 << 10, 1 << 20, 1),
        disk,
        new OpenFiles(disk, 3),
        new TailCache(8 << 10),
        new ReplicationMetrics(new CollectorRegistry()),
        e -> {
          throw new AssertionError(e);
        });
  }

  @Test
  void aBitFlippedAnywhereInASegmentIsFoundByTheReadThatMeetsIt() throws IOException {
    RecordBatch batch = TestBatches.at(0, 1, 2, 300);
    int size = batch.sizeInBytes();
    try (LogDirectory directory = open()) {
      DirectoryLog log = directory.create(ID, "topic");
      log.owner(OWNER);
      for (int i = 0; i < BATCHES; i++) {
        log.log().append(List.of(TestBatches.at(2L * i, 1, 2, 300)));
      }
    }
    Path segment = PartitionDirectory.path(ROOT, ID, "topic").resolve("00000000000000000000.log");
    byte[] sound = disk.copy(segment);
    assertThat(sound).hasSizeGreaterThanOrEqualTo(BATCHES * size);
    for (int at = 0; at < size; at++) {
      byte[] rotten = sound.clone();
      rotten[size + at] ^= 4;
      disk.put(segment, rotten);
      try (LogDirectory directory = open()) {
        FoundLog found = directory.found().getFirst();
        if (found instanceof FoundLog.Usable usable) {
          usable.log().owner(OWNER);
          readsSoundOrFails(usable.log().log(), size + at);
        }
      }
    }
  }

  private static void readsSoundOrFails(PartitionLog log, int flipped) throws IOException {
    assertThat(log.read(0, 1, Long.MAX_VALUE).nextOffset()).isEqualTo(2);
    LogSlice slice;
    try {
      slice = log.read(2, 1, Long.MAX_VALUE);
    } catch (CorruptLogException e) {
      return;
    }
    throw new AssertionError("expected byte " + flipped + " to be found, but read " + slice);
  }
}
