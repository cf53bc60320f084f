// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.log.Durability;
import io.jangada.replication.log.LogEnd;
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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log that is durable in memory: what a killed process keeps, and what it says of itself. */
@Timeout(60)
class MemoryDurableTest {
  private static final Path ROOT = Path.of("/logs");
  private static final TopicIdPartition ID = new TopicIdPartition(new UUID(5, 5), 0);
  private static final ByteBuffer NO_PRODUCERS = ByteBuffer.allocate(0);

  private final SimDisk disk = new SimDisk();
  private final Owner owner = new Owner();

  private static final class Owner implements LogOwner {
    private LogEnd durable = new LogEnd(0, 0);
    private boolean backwards;

    @Override
    public synchronized void durable(LogEnd end) {
      backwards |= !LogEnd.later(durable, end).equals(end);
      durable = end;
      notifyAll();
    }

    synchronized void await(long endOffset, int generation) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!durable.equals(new LogEnd(endOffset, generation))) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMs <= 0) {
          throw new AssertionError("expected " + endOffset + ", but it is " + durable);
        }
        wait(leftMs);
      }
      assertThat(backwards).isFalse();
    }

    @Override
    public void checkpointDue() {
      // Those that the changes bring about by themselves have to do.
    }

    @Override
    public void damaged(String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public ByteBuffer producers() {
      return NO_PRODUCERS;
    }
  }

  private LogDirectory open() throws IOException {
    return LogDirectory.open(
        new LogDirectoryConfig(ROOT, new UUID(1, 1), 64 << 10, 4 << 20, 32 << 10, 1 << 20, 2),
        disk,
        new OpenFiles(disk, 3),
        new TailCache(8 << 10),
        new ReplicationMetrics(new CollectorRegistry()),
        e -> {});
  }

  private PartitionLog create(LogDirectory directory) {
    DirectoryLog log = directory.create(ID, "topic");
    log.owner(owner);
    log.log().durability(Durability.MEMORY, NO_PRODUCERS);
    return log.log();
  }

  private static RecordBatch batch(long offset) {
    return TestBatches.at(offset, 0, 10, 500);
  }

  private void kill(LogDirectory directory) {
    disk.losePowerAt(disk.operations());
    try {
      directory.close();
    } catch (IOException e) {
      // It is dead.
    }
    disk.restartProcess();
  }

  private static FoundLog.Usable only(LogDirectory directory) {
    assertThat(directory.found()).hasSize(1);
    return (FoundLog.Usable) directory.found().getFirst();
  }

  /** A log of 30 offsets, all of which were called durable, and a process that is dead. */
  private Path killedWithThreeBatches() throws Exception {
    LogDirectory directory = open();
    PartitionLog log = create(directory);
    log.append(List.of(batch(0), batch(10)));
    log.append(List.of(batch(20)));
    owner.await(30, 0);
    kill(directory);
    return log.directory().resolve("00000000000000000000.log");
  }

  @Test
  void aKilledProcessKeepsWhatWasCalledDurable() throws Exception {
    killedWithThreeBatches();
    LogDirectory directory = open();
    assertThat(only(directory).log().log().logEndOffset()).isEqualTo(30);
    assertThat(only(directory).doubt()).isEmpty();
    assertThat(only(directory).synced()).isFalse();
    directory.close();
  }

  @Test
  void aWriteThatTheKillCutShortWasNeverCalledDurable() throws Exception {
    Path file = killedWithThreeBatches();
    byte[] content = disk.copy(file);
    disk.put(file, Arrays.copyOf(content, content.length - 7));
    LogDirectory directory = open();
    assertThat(only(directory).log().log().logEndOffset()).isEqualTo(20);
    assertThat(only(directory).doubt()).isEmpty();
    directory.close();
  }

  @Test
  void aBadBatchInTheMiddleIsNoWriteThatWasCutShort() throws Exception {
    Path file = killedWithThreeBatches();
    byte[] content = disk.copy(file);
    content[batch(0).sizeInBytes() + 100] ^= 1;
    disk.put(file, content);
    LogDirectory directory = open();
    assertThat(only(directory).log().log().logEndOffset()).isEqualTo(10);
    assertThat(only(directory).doubt()).isNotEmpty();
    directory.close();
  }

  @Test
  void withoutTheManifestTheFilesStillCount() throws Exception {
    LogDirectory directory = open();
    PartitionLog log = create(directory);
    log.append(List.of(batch(0), batch(10), batch(20)));
    owner.await(30, 0);
    log.truncate(20, 1, NO_PRODUCERS);
    log.append(List.of(TestBatches.at(20, 1, 5, 500)));
    owner.await(25, 1);
    kill(directory);
    disk.delete(ROOT.resolve("manifest"));
    directory = open();
    assertThat(only(directory).log().log().logEndOffset()).isEqualTo(25);
    assertThat(only(directory).doubt()).isNotEmpty();
    directory.close();
  }

  @Test
  void afterACleanEndEverythingIsSynced() throws Exception {
    LogDirectory directory = open();
    create(directory).append(List.of(batch(0)));
    owner.await(10, 0);
    directory.close();
    disk.restart(new Random(1));
    directory = open();
    assertThat(only(directory).synced()).isTrue();
    assertThat(only(directory).log().log().logEndOffset()).isEqualTo(10);
    directory.close();
  }

  @Test
  void whatWasFoundUnsyncedStaysSoUntilTheQuorumHasHeardOfIt() throws Exception {
    killedWithThreeBatches();
    disk.restart(new Random(1));
    LogDirectory directory = open();
    only(directory).log().owner(owner);
    directory.close();
    directory = open();
    assertThat(only(directory).synced()).isFalse();
    only(directory).log().owner(owner);
    only(directory).log().log().durability(Durability.MEMORY, NO_PRODUCERS);
    directory.close();
    directory = open();
    assertThat(only(directory).synced()).isTrue();
    directory.close();
  }

  @Test
  void fromTheChangeToFsyncOnNothingIsDurableThatAPowerFailureTakes() throws Exception {
    LogDirectory directory = open();
    PartitionLog log = create(directory);
    log.append(List.of(batch(0)));
    owner.await(10, 0);
    log.durability(Durability.FSYNC, NO_PRODUCERS);
    log.append(List.of(batch(10)));
    owner.await(20, 0);
    kill(directory);
    disk.restart(new Random(3));
    directory = open();
    assertThat(only(directory).synced()).isTrue();
    assertThat(only(directory).log().log().logEndOffset()).isEqualTo(20);
    directory.close();
  }

  @Test
  void aCutIsDurableBeforeAnythingAfterIt() throws Exception {
    LogDirectory directory = open();
    PartitionLog log = create(directory);
    log.append(List.of(batch(0), batch(10), batch(20)));
    owner.await(30, 0);
    log.truncate(10, 1, NO_PRODUCERS);
    log.append(List.of(TestBatches.at(10, 1, 5, 500)));
    owner.await(15, 1);
    kill(directory);
    directory = open();
    assertThat(only(directory).log().log().logEndOffset()).isEqualTo(15);
    assertThat(only(directory).state().epochs().lastEpoch()).isEqualTo(1);
    assertThat(only(directory).doubt()).isEmpty();
    directory.close();
  }
}
