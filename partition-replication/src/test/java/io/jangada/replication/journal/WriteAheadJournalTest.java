// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.TestBatches;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.FaultyStorage;
import io.jangada.replication.storage.FileStorage;
import io.jangada.replication.storage.SimDisk;
import io.jangada.replication.storage.Storage;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journal with its thread: order, failure, back-pressure, sizes. */
@Timeout(60)
final class WriteAheadJournalTest {
  private static final int FILE_BYTES = 64 << 10;
  private static final Path SIMULATED = Path.of("/sim/log/journal");

  private final CollectorRegistry registry = new CollectorRegistry();
  private final ReplicationMetrics metrics = new ReplicationMetrics(registry);
  private final Told told = new Told();

  /** What the journal tells. */
  private static final class Told implements JournalListener {
    private final BlockingQueue<Long> full = new LinkedBlockingQueue<>();
    private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

    @Override
    public void fileFull(long highestNumber, int freeFiles) {
      full.add(highestNumber);
    }

    @Override
    public void failed(IOException cause) {
      failures.add(cause);
    }
  }

  /** A log that remembers how far it is durable. */
  private static final class Log implements JournaledLog {
    private final TopicIdPartition id;
    private final BlockingQueue<Long> durable = new LinkedBlockingQueue<>();

    Log(int partition) {
      id = new TopicIdPartition(new UUID(3, 3), partition);
    }

    long append(Journal journal, long offset, int bytes) {
      RecordBatch batch = TestBatches.at(offset, 1, 1, bytes);
      return journal.append(
          this, new JournalEntry.Batches(id, List.of(batch)), new LogEnd(offset + 1, 0));
    }

    @Override
    public void durable(long number, LogEnd end) {
      durable.add(number);
    }

    void awaitDurable(long number) throws InterruptedException {
      long last = 0;
      while (last < number) {
        long next = durable.take();
        assertThat(next).isGreaterThan(last);
        last = next;
      }
    }
  }

  private static JournalConfig config(Path directory, int files) {
    return new JournalConfig(
        directory, new UUID(1, 1), FILE_BYTES, (long) files * FILE_BYTES, 16 << 10, 1);
  }

  private Journal start(Storage storage, JournalConfig config) throws IOException {
    return WriteAheadJournal.start(storage, config, new JournalStart(1, 1, 1), told, metrics);
  }

  private static JournalScan scan(Storage storage, JournalConfig config, JournalVisitor visitor)
      throws IOException {
    return new JournalFilesReader(storage, config, JournalExpectation.NONE).scan(visitor);
  }

  @Test
  void manyProducersKeepTheOrderOfEachLog(@TempDir Path directory) throws Exception {
    FileStorage storage = new FileStorage();
    JournalConfig config = config(directory.resolve("journal"), 100);
    List<Log> logs = new ArrayList<>();
    List<Thread> producers = new ArrayList<>();
    Map<Integer, Long> last = new ConcurrentHashMap<>();
    try (Journal journal = start(storage, config)) {
      for (int i = 0; i < 4; i++) {
        Log log = new Log(i);
        logs.add(log);
        producers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int offset = 0; offset < 500; offset++) {
                        last.put(log.id.partition(), log.append(journal, offset, offset % 700));
                      }
                    }));
      }
      for (Thread each : producers) {
        each.join();
      }
      for (Log each : logs) {
        each.awaitDurable(last.getOrDefault(each.id.partition(), Long.MAX_VALUE));
      }
      assertThat(journal.oldestSyncAgeMs()).isZero();
    }
    Offsets offsets = new Offsets();
    JournalScan scan = scan(storage, config, offsets);
    assertThat(scan.verdict()).isInstanceOf(JournalVerdict.Clean.class);
    assertThat(scan.entries()).isEqualTo(2_000);
    assertThat(offsets.next).hasSize(4).allSatisfy((log, next) -> assertThat(next).isEqualTo(500));
    assertThat(told.failures).isEmpty();
  }

  /** Checks that the offsets of each log follow each other. */
  private static final class Offsets extends NoVisitor {
    private final Map<TopicIdPartition, Long> next = new ConcurrentHashMap<>();

    @Override
    public void batches(long number, TopicIdPartition log, ByteBuffer batches) {
      RecordBatch batch = RecordBatch.at(batches);
      batch.validate();
      assertThat(batch.baseOffset()).isEqualTo(next.getOrDefault(log, 0L));
      next.put(log, batch.nextOffset());
    }
  }

  @Test
  void aFailedWriteIsFinalAndToldOnce() throws Exception {
    SimDisk disk = new SimDisk();
    Log log = new Log(0);
    try (Journal journal = start(disk, config(SIMULATED, 4))) {
      log.awaitDurable(log.append(journal, 0, 100));
      disk.failAt(disk.operations() + 1);
      // The one after this fails if a seal comes first, and this one if not.
      log.append(journal, 1, 100);
      if (told.failures.poll(200, TimeUnit.MILLISECONDS) == null) {
        log.append(journal, 2, 100);
        assertThat(told.failures.take()).hasMessage("Input/output error");
      }
      log.durable.clear();
      log.append(journal, 3, 100);
      assertThat(journal.oldestSyncAgeMs()).isZero();
    }
    assertThat(log.durable).isEmpty();
    assertThat(told.failures).isEmpty();
  }

  @Test
  void withoutAFreeFileAppendsWaitForARelease() throws Exception {
    SimDisk disk = new SimDisk();
    JournalConfig config = config(SIMULATED, 2);
    Log log = new Log(0);
    try (Journal journal = start(disk, config)) {
      long number = 0;
      for (int offset = 0; offset < 40; offset++) {
        number = log.append(journal, offset, 8_000);
      }
      long firstFull = told.full.take();
      told.full.take(); // two are full: the third is not there
      long durable = log.durable.take();
      while (!log.durable.isEmpty()) {
        durable = log.durable.take();
      }
      assertThat(durable).isLessThan(number);
      assertThat(firstFull).isPositive();
      while (durable < number) {
        journal.release(durable);
        durable = log.durable.take();
      }
    }
    assertThat(registry.getSampleValue("jangada_journal_waits_total")).isPositive();
    assertThat(scan(disk, config, new NoVisitor()).verdict())
        .isInstanceOf(JournalVerdict.Clean.class);
  }

  @Test
  void filesBeyondASmallerSizeAreDeletedAtTheNextStart() throws Exception {
    SimDisk disk = new SimDisk();
    JournalConfig four = config(SIMULATED, 4);
    Log log = new Log(0);
    try (Journal journal = start(disk, four)) {
      for (int offset = 0; offset < 30; offset++) {
        log.append(journal, offset, 8_000);
      }
      told.full.take();
      told.full.take();
      told.full.take(); // the fourth is begun
    }
    assertThat(disk.list(SIMULATED)).hasSize(4);
    JournalConfig two = config(SIMULATED, 2);
    JournalStart next = new JournalStart(2, 1_000, 1_000);
    try (Journal journal = WriteAheadJournal.start(disk, two, next, told, metrics)) {
      assertThat(disk.list(SIMULATED)).hasSize(2);
      log.awaitDurable(log.append(journal, 30, 8_000));
    }
    assertThat(scan(disk, two, new NoVisitor()).verdict()).isInstanceOf(JournalVerdict.Clean.class);
  }

  @Test
  void onASmallDiskItGoesOnInTheFileThatItHas() throws Exception {
    SimDisk disk = new SimDisk();
    JournalConfig config = config(SIMULATED, 4);
    disk.capacityBytes(FILE_BYTES + 1_000);
    Log log = new Log(0);
    try (Journal journal = start(disk, config)) {
      for (int offset = 0; offset < 30; offset++) {
        long number = log.append(journal, offset, 8_000);
        while (log.durable.peek() == null) {
          Long full = told.full.poll(1, TimeUnit.MILLISECONDS);
          if (full != null) {
            journal.release(full);
          }
        }
        log.awaitDurable(number);
      }
    }
    assertThat(told.failures).isEmpty();
    assertThat(scan(disk, config, new NoVisitor()).verdict())
        .isInstanceOf(JournalVerdict.Clean.class);
  }

  @Test
  void anEntryMayBeLargerThanAGroupButNotThanAFile() throws Exception {
    SimDisk disk = new SimDisk();
    JournalConfig config = config(SIMULATED, 4);
    Log log = new Log(0);
    try (Journal journal = start(disk, config)) {
      log.awaitDurable(log.append(journal, 0, 50_000));
      assertThatThrownBy(() -> log.append(journal, 1, 70_000))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected an entry that fits a journal file");
      log.awaitDurable(log.append(journal, 1, 10));
    }
    assertThat(scan(disk, config, new Offsets()).entries()).isEqualTo(2);
  }

  @Test
  void theAgeOfASyncThatHangsIsSeen(@TempDir Path directory) throws Exception {
    FaultyStorage storage = new FaultyStorage();
    Log log = new Log(0);
    CountDownLatch gate = new CountDownLatch(1);
    try (Journal journal = start(storage, config(directory.resolve("journal"), 4))) {
      storage.holdForces(gate);
      log.append(journal, 0, 100);
      while (journal.oldestSyncAgeMs() < 20) {
        Thread.onSpinWait();
      }
      storage.holdForces(null);
      gate.countDown();
      log.durable.take();
    }
  }

  /** Looks at nothing. */
  private static class NoVisitor implements JournalVisitor {
    @Override
    public void created(long number, TopicIdPartition log, String topic) {}

    @Override
    public void batches(long number, TopicIdPartition log, ByteBuffer batches) {}

    @Override
    public void truncated(long number, TopicIdPartition log, long toOffset) {}

    @Override
    public void reset(long number, TopicIdPartition log, long offset) {}

    @Override
    public void logStart(long number, TopicIdPartition log, long offset) {}

    @Override
    public void removed(long number, TopicIdPartition log) {}
  }
}
