// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.DecodedRecord;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordReader;
import io.jangada.replication.compaction.CompactionPlan;
import io.jangada.replication.compaction.CompactionSettings;
import io.jangada.replication.directory.DirectoryLog;
import io.jangada.replication.directory.FoundLog;
import io.jangada.replication.directory.LogDirectory;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.directory.LogOwner;
import io.jangada.replication.log.Durability;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.LogSlice;
import io.jangada.replication.log.OpenFiles;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.SegmentLimits;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.SimDisk;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A log is written, truncated, deleted from its beginning on and compacted, and at any operation of
 * the disk the process dies or the power goes: it comes back with no offset missing, with the
 * newest value of each key and of no deleted one, and with no file that nobody needs.
 */
@Isolated
@Timeout(120)
class CompactionCrashTest {
  private static final int SEEDS = Integer.getInteger("jangada.compaction.crash.seeds", 4);
  private static final int FIRST_SEED = Integer.getInteger("jangada.compaction.crash.first", 1);
  private static final int RUNS = 6;
  private static final int ALL_BYTES = 1 << 20;
  private static final long DELETE_RETENTION_MS = 50;
  private static final Path ROOT = Path.of("/logs");
  private static final TopicIdPartition ID = new TopicIdPartition(new UUID(5, 5), 0);

  /** A record as it was written. */
  private record Written(String key, String value) {}

  private static final class Owner implements LogOwner {
    private volatile boolean due;

    /** Of the last truncation; what was synced before it says nothing after it. */
    private int generation;

    private long durableEnd;

    @Override
    public synchronized void durable(LogEnd end) {
      durableEnd = end.generation() == generation ? end.endOffset() : durableEnd;
    }

    synchronized long durableEnd() {
      return durableEnd;
    }

    synchronized int truncated(long toOffset) {
      durableEnd = Math.min(durableEnd, toOffset);
      return ++generation;
    }

    @Override
    public void checkpointDue() {
      due = true;
    }

    @Override
    public void damaged(String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public ByteBuffer producers() {
      return ByteBuffer.allocate(0);
    }
  }

  private SimDisk disk = new SimDisk();
  private Random random = new Random(0);
  private TreeMap<Long, Written> written = new TreeMap<>();

  /** What was in the log before truncations of which nobody was told that they are durable. */
  private final List<TreeMap<Long, Written>> before = new ArrayList<>();

  private long nowMs;
  private long highWatermark;
  private long start;
  private int passes;
  private int crashesWithin;
  private Owner owner = new Owner();

  @Test
  void comesBackWithTheNewestValueOfEachKey() throws IOException {
    int allPasses = 0;
    int within = 0;
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        CompactionCrashTest one = new CompactionCrashTest();
        one.run(seed);
        allPasses += one.passes;
        within += one.crashesWithin;
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(
            "seed "
                + seed
                + "; again with -Djangada.compaction.crash.seeds=1"
                + " -Djangada.compaction.crash.first="
                + seed,
            e);
      }
    }
    assertThat(allPasses).as("passes that came to their end").isGreaterThan(SEEDS);
    assertThat(within).as("ends within a pass").isGreaterThan(0);
  }

  private void run(int seed) throws IOException {
    random = new Random(seed);
    nowMs = 1_000_000;
    for (int round = 0; round < RUNS; round++) {
      boolean clean = random.nextInt(4) == 0;
      LogDirectory directory = open();
      DirectoryLog log = logOf(directory);
      check(log.log());
      disk.losePowerAt(clean ? -1 : disk.operations() + 20 + random.nextInt(250));
      for (int i = 0; i < 60 && !directory.failed() && !disk.isDead(); i++) {
        act(directory, log);
      }
      boolean powerFails = random.nextBoolean();
      end(directory, clean);
      if (!clean && powerFails) {
        disk.restart(random);
      } else if (!clean) {
        disk.restartProcess();
      }
    }
    LogDirectory directory = open();
    DirectoryLog log = logOf(directory);
    check(log.log());
    directory.close();
    checkFiles();
    LogDirectory again = open();
    check(logOf(again).log());
    again.close();
  }

  private void end(LogDirectory directory, boolean clean) throws IOException {
    if (clean) {
      directory.close();
      assertThat(directory.failed()).isFalse();
      checkFiles();
      return;
    }
    disk.losePowerAt(disk.operations());
    try {
      directory.close();
    } catch (IOException e) {
      // The disk is dead.
    }
  }

  private LogDirectory open() throws IOException {
    return LogDirectory.open(
        new LogDirectoryConfig(ROOT, new UUID(1, 1), 64 << 10, 4 << 20, 32 << 10, 1 << 20, 2),
        disk,
        new OpenFiles(disk, 4),
        new TailCache(4 << 10),
        new ReplicationMetrics(new CollectorRegistry()),
        e -> {});
  }

  private DirectoryLog logOf(LogDirectory directory) {
    Optional<FoundLog> found = directory.found().stream().findFirst();
    owner = new Owner();
    DirectoryLog log;
    if (found.isPresent()) {
      assertThat(found.get()).as("%s", found.get()).isInstanceOf(FoundLog.Usable.class);
      log = ((FoundLog.Usable) found.get()).log();
    } else {
      assertThat(highWatermark).isZero();
      log = directory.create(ID, "topic");
    }
    log.owner(owner);
    log.log().segmentLimits(SegmentLimits.ofBytes(2_000));
    log.log().durability(Durability.FSYNC, ByteBuffer.allocate(0));
    owner.durableEnd = found.isPresent() ? log.log().logEndOffset() : 0;
    return log;
  }

  private void act(LogDirectory directory, DirectoryLog log) throws IOException {
    nowMs += random.nextInt(30);
    if (owner.due) {
      owner.due = false;
      log.checkpoint(ByteBuffer.allocate(0));
    }
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> compact(directory, log);
      case 3, 4 -> {
        log.checkpoint(ByteBuffer.allocate(0));
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(3_000)));
      }
      case 5 -> truncate(log.log());
      case 6 -> {
        if (random.nextInt(4) == 0) {
          start = Math.max(start, random.nextLong(highWatermark + 1));
          log.log().advanceLogStart(start);
        }
      }
      default -> append(log.log());
    }
  }

  private void append(PartitionLog log) {
    List<RecordBatch> batches = new ArrayList<>();
    long offset = log.logEndOffset();
    int epoch = Math.max(0, log.epochs().lastEpoch()) + (random.nextInt(10) == 0 ? 1 : 0);
    for (int i = random.nextInt(4); i >= 0; i--) {
      KeyedBatch batch = new KeyedBatch();
      int count = 1 + random.nextInt(3);
      for (int k = 0; k < count; k++) {
        String key = "k" + random.nextInt(12);
        String value = random.nextInt(4) == 0 ? null : "v".repeat(random.nextInt(300)) + offset;
        batch.add(nowMs, key, value);
        written.put(offset + k, new Written(key, value));
      }
      RecordBatch built = batch.build(offset, epoch);
      batches.add(built);
      offset = built.nextOffset();
    }
    log.append(batches);
  }

  /** Above the high watermark only: what is committed stays (rule 1). */
  private void truncate(PartitionLog log) {
    highWatermark = Math.max(highWatermark, durableEnd(log));
    Long to = written.ceilingKey(highWatermark);
    if (to != null && log.logEndOffset() > highWatermark) {
      before.add(new TreeMap<>(written));
      log.truncate(highWatermark, owner.truncated(highWatermark), ByteBuffer.allocate(0));
      written.tailMap(highWatermark, true).clear();
    }
  }

  private long durableEnd(PartitionLog log) {
    return Math.min(owner.durableEnd(), log.logEndOffset());
  }

  private void compact(LogDirectory directory, DirectoryLog log) throws IOException {
    highWatermark = Math.max(highWatermark, durableEnd(log.log()));
    CompactionSettings settings = new CompactionSettings(0, 0, Long.MAX_VALUE, DELETE_RETENTION_MS);
    try {
      CompactionPlan plan =
          CompactionPlan.of(
                  log.log().compaction().closed(),
                  log.log().compaction().compactedTo(),
                  highWatermark,
                  settings,
                  nowMs)
              .orElse(null);
      if (plan == null) {
        return;
      }
      boolean done =
          new CompactionPass(
                  log.log().compaction(),
                  random.nextInt(4) == 0 ? 0 : ALL_BYTES,
                  bytes -> {},
                  new ReplicationMetrics(new CollectorRegistry()).compaction())
              .run(
                  plan,
                  new CompactionPass.Terms(
                      DELETE_RETENTION_MS, nowMs, 4_000, (producer, offset) -> false));
      passes += done ? 1 : 0;
    } catch (CompactionPass.WriteFailed e) {
      crashesWithin++;
      directory.compactionFailed(e.reason());
    } catch (ClosedChannelException e) {
      // A segment went while it was looked at; nothing was begun.
    } catch (IOException e) {
      assertThat(disk.isDead()).as("%s", e).isTrue();
      crashesWithin++;
    }
  }

  /** The log is as it was before or after any truncation that may not have been durable. */
  private void check(PartitionLog log) throws IOException {
    assertThat(log.logEndOffset()).isGreaterThanOrEqualTo(highWatermark);
    start = log.logStartOffset();
    while (true) {
      try {
        // What came back is what there is; it may have more than was called durable.
        written.tailMap(log.logEndOffset(), true).clear();
        checkContent(log);
        before.clear();
        return;
      } catch (AssertionError e) {
        if (before.isEmpty()) {
          throw e;
        }
        written = before.removeLast();
      }
    }
  }

  private void checkContent(PartitionLog log) throws IOException {
    Map<String, String> newest = new HashMap<>();
    written.forEach((offset, record) -> newest.put(record.key(), record.value()));
    newest.values().removeIf(value -> value == null);
    Map<String, String> read = new HashMap<>();
    long offset = log.logStartOffset();
    while (offset < log.logEndOffset()) {
      LogSlice slice = log.read(offset, 3_000, Long.MAX_VALUE);
      assertThat(slice.isEmpty()).as("something at %d", offset).isFalse();
      for (ByteBuffer buffer : slice.buffers()) {
        ByteBuffer rest = buffer.duplicate();
        while (rest.hasRemaining()) {
          RecordBatch batch = RecordBatch.at(rest.slice());
          rest.position(rest.position() + batch.sizeInBytes());
          replay(batch, read);
        }
      }
      offset = slice.nextOffset();
    }
    // What lies below the start may be gone, and with it the newest value of a key.
    newest.keySet().removeIf(key -> newestOffset(key) < log.logStartOffset());
    read.keySet().removeIf(key -> newestOffset(key) < log.logStartOffset());
    assertThat(read).isEqualTo(newest);
  }

  private long newestOffset(String key) {
    long newest = -1;
    for (Map.Entry<Long, Written> each : written.entrySet()) {
      newest = each.getValue().key().equals(key) ? each.getKey() : newest;
    }
    return newest;
  }

  private void replay(RecordBatch batch, Map<String, String> read) {
    batch.validate();
    RecordReader reader = RecordReader.of(batch);
    while (reader.hasNext()) {
      DecodedRecord record = reader.next();
      Written original = written.get(record.offset());
      String key = StandardCharsets.UTF_8.decode(record.key()).toString();
      String value =
          record.value() == null ? null : StandardCharsets.UTF_8.decode(record.value()).toString();
      assertThat(new Written(key, value)).isEqualTo(original);
      if (value == null) {
        read.remove(key);
      } else {
        read.put(key, value);
      }
    }
  }

  /** After an orderly end each segment is there once. */
  private void checkFiles() {
    List<String> segments =
        disk.copyAll().keySet().stream()
            .map(path -> String.valueOf(path.getFileName()))
            .filter(name -> name.endsWith(".log"))
            .map(name -> name.substring(0, 20))
            .toList();
    assertThat(segments).doesNotHaveDuplicates();
  }
}
