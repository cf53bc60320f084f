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
import io.jangada.replication.log.SegmentLimits;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.log.TestBatches;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.SimDisk;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files of a log directory are damaged while nobody uses it: bits flipped, sectors zeroed, cut,
 * swapped, replaced by older copies or by another directory's, removed. No log that is called whole
 * misses a durable record, and no record is served other than it was written.
 */
@Timeout(300)
class DamageTest {
  private static final int DIRECTORIES = Integer.getInteger("jangada.damage.directories", 15);
  private static final int FIRST_SEED = Integer.getInteger("jangada.damage.first", 1);
  private static final int DAMAGES_EACH = 80;
  private static final int PARTITIONS = 4;
  private static final int SECTOR_BYTES = 512;
  private static final long SEAL_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
  private static final UUID TOPIC = new UUID(5, 5);
  private static final Path ROOT = Path.of("/logs");
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private enum Damage {
    FLIPPED_BIT,
    ZEROED_SECTOR,
    SECTOR_OF_ANOTHER_PLACE,
    CUT,
    GARBAGE_BEHIND,
    SWAPPED,
    OLD_COPY,
    FOREIGN,
    REMOVED
  }

  private enum Outcome {
    /** All of it is there. */
    WHOLE,
    /** It says that it may miss something. */
    SUSPECT,
    /** It says that it must not be used. */
    DAMAGED,
    /** It looked whole, but a read found the damage, and served nothing. */
    FOUND_BY_READING,
    /** It is not there, so its broker will not say that it holds the replica. */
    ABSENT,
    /** The whole directory is refused. */
    REFUSED
  }

  /** The files of a closed directory, an earlier state of them, and what the logs hold. */
  private record Sample(
      Map<Path, byte[]> files,
      Map<Path, byte[]> earlier,
      Map<TopicIdPartition, List<RecordBatch>> logs) {}

  /** Told of how far a log is durable. */
  private static final class Owner implements LogOwner {
    private volatile long durableEnd;
    private final AtomicBoolean checkpointDue = new AtomicBoolean();

    @Override
    public void durable(LogEnd end) {
      durableEnd = end.endOffset();
    }

    @Override
    public void checkpointDue() {
      checkpointDue.set(true);
    }

    @Override
    public void damaged(String reason) {
      // What was served is what counts.
    }

    @Override
    public ByteBuffer producers() {
      return ByteBuffer.allocate(0);
    }
  }

  private final Map<Damage, Map<Outcome, Integer>> outcomes = new EnumMap<>(Damage.class);

  @Test
  void nothingDamagedIsServedAndNothingDurableIsMissedInSilence() throws Exception {
    for (int seed = FIRST_SEED; seed < FIRST_SEED + DIRECTORIES; seed++) {
      Random random = new Random(seed);
      Sample sample = sample(random, new UUID(1, seed));
      Sample foreign = sample(random, new UUID(2, seed));
      for (int i = 0; i < DAMAGES_EACH; i++) {
        Random own = new Random(seed * 1_000L + i);
        String what = "seed " + seed + ", damage " + i;
        try {
          damageAndCheck(sample, foreign, own, new UUID(1, seed));
        } catch (AssertionError | RuntimeException | IOException e) {
          throw new AssertionError(what, e);
        }
      }
    }
    System.out.println("damages and what became of the logs: " + outcomes);
    assertThat(outcomes.keySet()).containsExactlyInAnyOrder(Damage.values());
  }

  private void damageAndCheck(Sample sample, Sample foreign, Random random, UUID id)
      throws IOException {
    Map<Path, byte[]> files = new TreeMap<>(sample.files());
    Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
    String done = damage(files, damage, sample, foreign, random);
    SimDisk disk = new SimDisk();
    files.forEach(disk::put);
    try {
      // Twice: what the first start has found must not be forgotten by the second.
      boolean again = random.nextBoolean();
      Map<TopicIdPartition, Outcome> first = check(disk, sample, id);
      if (again) {
        Map<TopicIdPartition, Outcome> second = check(disk, sample, id);
        second.forEach(
            (partition, outcome) -> {
              if (outcome == Outcome.WHOLE && first.get(partition) != Outcome.FOUND_BY_READING) {
                assertThat(first.get(partition)).as("%s at first", partition).isEqualTo(outcome);
              }
            });
      }
      first.values().forEach(outcome -> count(damage, outcome));
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError(done, e);
    }
  }

  private void count(Damage damage, Outcome outcome) {
    outcomes
        .computeIfAbsent(damage, none -> new EnumMap<>(Outcome.class))
        .merge(outcome, 1, Integer::sum);
  }

  private static String damage(
      Map<Path, byte[]> files, Damage damage, Sample sample, Sample foreign, Random random) {
    Path victim = any(files, random);
    byte[] bytes = files.get(victim).clone();
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    files.put(victim, bytes);
    switch (damage) {
      case FLIPPED_BIT -> {
        if (bytes.length > 0) {
          bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
      }
      case ZEROED_SECTOR -> {
        int from = at / SECTOR_BYTES * SECTOR_BYTES;
        Arrays.fill(bytes, from, Math.min(bytes.length, from + SECTOR_BYTES), (byte) 0);
      }
      case SECTOR_OF_ANOTHER_PLACE -> {
        int from = at / SECTOR_BYTES * SECTOR_BYTES;
        int to = bytes.length == 0 ? 0 : random.nextInt(bytes.length) / SECTOR_BYTES * SECTOR_BYTES;
        int length = Math.min(SECTOR_BYTES, bytes.length - Math.max(from, to));
        System.arraycopy(files.get(victim).clone(), from, bytes, to, length);
      }
      case CUT -> files.put(victim, Arrays.copyOf(bytes, at));
      case GARBAGE_BEHIND -> {
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(2_000));
        for (int i = bytes.length; i < more.length; i++) {
          more[i] = (byte) random.nextInt();
        }
        files.put(victim, more);
      }
      case SWAPPED -> {
        Path other = any(files, random);
        files.put(victim, files.get(other));
        files.put(other, bytes);
        return damage + " " + victim + " and " + other;
      }
      case OLD_COPY -> {
        // Not of a journal's file: what its end was, only the disk could know.
        Map<Path, byte[]> earlier = new TreeMap<>(sample.earlier());
        earlier.keySet().removeIf(path -> path.startsWith(ROOT.resolve("journal")));
        victim = any(earlier, random);
        files.put(victim, sample.earlier().get(victim));
      }
      case FOREIGN -> {
        victim = any(foreign.files(), random);
        files.put(victim, foreign.files().get(victim));
      }
      case REMOVED -> files.remove(victim);
    }
    return damage + " " + victim + " at " + at + " of " + bytes.length;
  }

  private static Path any(Map<Path, byte[]> files, Random random) {
    return List.copyOf(files.keySet()).get(random.nextInt(files.size()));
  }

  private static Map<TopicIdPartition, Outcome> check(SimDisk disk, Sample sample, UUID id)
      throws IOException {
    Map<TopicIdPartition, Outcome> outcomes = new HashMap<>();
    LogDirectory directory;
    try {
      directory = open(disk, id);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(ROOT.toString());
      sample.logs().keySet().forEach(partition -> outcomes.put(partition, Outcome.REFUSED));
      return outcomes;
    }
    for (FoundLog found : directory.found()) {
      List<RecordBatch> written = sample.logs().get(found.partition());
      switch (found) {
        case FoundLog.Damaged damaged -> {
          assertThat(damaged.reason()).isNotEmpty();
          outcomes.put(found.partition(), Outcome.DAMAGED);
        }
        case FoundLog.Usable usable -> {
          usable.log().owner(new Owner());
          assertThat(written).as("log %s, which was never written", found.partition()).isNotNull();
          outcomes.put(found.partition(), outcomeOf(usable, written));
        }
      }
    }
    sample.logs().keySet().forEach(each -> outcomes.putIfAbsent(each, Outcome.ABSENT));
    directory.close();
    return outcomes;
  }

  private static Outcome outcomeOf(FoundLog.Usable usable, List<RecordBatch> written) {
    PartitionLog log = usable.log().log();
    long offset = log.logStartOffset();
    int next = 0;
    try {
      while (offset < log.logEndOffset()) {
        LogSlice slice = log.read(offset, 4_000, Long.MAX_VALUE);
        assertThat(slice.isEmpty()).as("nothing at %s of %s", offset, usable).isFalse();
        for (ByteBuffer buffer : slice.buffers()) {
          ByteBuffer rest = buffer.duplicate();
          while (rest.hasRemaining()) {
            RecordBatch batch = RecordBatch.at(rest.slice());
            assertThat(next).as("batches of %s", usable).isLessThan(written.size());
            assertThat(batch.bytes())
                .as("batch %s of %s", next, usable)
                .isEqualTo(written.get(next).bytes());
            next++;
            rest.position(rest.position() + batch.sizeInBytes());
          }
        }
        offset = slice.nextOffset();
      }
    } catch (CorruptLogException e) {
      return usable.doubt().isEmpty() ? Outcome.FOUND_BY_READING : Outcome.SUSPECT;
    } catch (IOException e) {
      throw new AssertionError("reading " + usable + " at " + offset, e);
    }
    if (!usable.doubt().isEmpty()) {
      return Outcome.SUSPECT;
    }
    assertThat(next).as("batches of %s, which is called whole", usable).isEqualTo(written.size());
    return Outcome.WHOLE;
  }

  /** Writes until there are several segments, some journal, and no more than that is in memory. */
  private static Sample sample(Random random, UUID id) throws IOException {
    SimDisk disk = new SimDisk();
    LogDirectory directory = open(disk, id);
    Map<TopicIdPartition, List<RecordBatch>> written = new HashMap<>();
    Map<TopicIdPartition, DirectoryLog> logs = new HashMap<>();
    Map<TopicIdPartition, Owner> owners = new HashMap<>();
    for (int i = 0; i < PARTITIONS; i++) {
      TopicIdPartition partition = new TopicIdPartition(TOPIC, i);
      DirectoryLog log = directory.create(partition, "topic");
      Owner owner = new Owner();
      log.owner(owner);
      log.log().segmentLimits(SegmentLimits.ofBytes(8 << 10));
      logs.put(partition, log);
      owners.put(partition, owner);
      written.put(partition, new ArrayList<>());
    }
    Map<Path, byte[]> earlier = Map.of();
    int appends = 60 + random.nextInt(60);
    for (int i = 0; i < appends; i++) {
      TopicIdPartition partition = new TopicIdPartition(TOPIC, random.nextInt(PARTITIONS));
      List<RecordBatch> batches = written.get(partition);
      long offset = batches.isEmpty() ? 0 : batches.getLast().nextOffset();
      RecordBatch batch =
          TestBatches.withFirstInt(
              TestBatches.at(offset, 0, 1 + random.nextInt(9), 10 + random.nextInt(2_000)),
              random.nextInt());
      batches.add(batch);
      logs.get(partition).log().append(List.of(batch));
      if (random.nextInt(15) == 0) {
        logs.get(partition).checkpoint(ByteBuffer.allocate(0));
      }
      if (i == appends / 2) {
        awaitDurable(written, logs, owners);
        earlier = disk.copyAll();
      }
    }
    awaitDurable(written, logs, owners);
    awaitSeal(disk);
    if (random.nextBoolean()) {
      directory.close();
    } else {
      Map<Path, byte[]> files = disk.copyAll();
      directory.close();
      return new Sample(files, earlier, written);
    }
    return new Sample(disk.copyAll(), earlier, written);
  }

  /** With a group for each append the journal may be full before all are in it. */
  private static void awaitDurable(
      Map<TopicIdPartition, List<RecordBatch>> written,
      Map<TopicIdPartition, DirectoryLog> logs,
      Map<TopicIdPartition, Owner> owners) {
    long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
    written.forEach(
        (partition, batches) -> {
          long end = batches.isEmpty() ? 0 : batches.getLast().nextOffset();
          while (owners.get(partition).durableEnd < end) {
            assertThat(System.nanoTime()).isLessThan(deadlineNanos);
            owners.forEach(
                (other, owner) -> {
                  if (owner.checkpointDue.compareAndSet(true, false)) {
                    logs.get(other).checkpoint(ByteBuffer.allocate(0));
                  }
                });
            LockSupport.parkNanos(100_000);
          }
        });
  }

  /** The last group may be lost whole until the idle journal has sealed it with another one. */
  private static void awaitSeal(SimDisk disk) {
    long before = -1;
    while (before != disk.operations()) {
      before = disk.operations();
      LockSupport.parkNanos(SEAL_NANOS);
    }
  }

  private static LogDirectory open(SimDisk disk, UUID id) throws IOException {
    return LogDirectory.open(
        new LogDirectoryConfig(ROOT, id, 64 << 10, 1 << 20, 32 << 10, 1 << 20, 2),
        disk,
        new OpenFiles(disk, 3),
        new TailCache(8 << 10),
        new ReplicationMetrics(new CollectorRegistry()),
        e -> {});
  }
}
