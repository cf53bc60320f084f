// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.log.Durability;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Whatever is done to the logs of a directory, and whenever the process dies or the power goes:
 * each log comes back in a state that it had, and not in one before the last that was called
 * durable. Only of a log that was durable in memory a power failure may take more, and the log says
 * so.
 */
@Isolated
@Timeout(300)
class CrashTest {
  private static final int SEEDS = Integer.getInteger("jangada.crash.seeds", 6);
  private static final int FIRST_SEED = Integer.getInteger("jangada.crash.first", 1);
  private static final int RUNS = 6;
  private static final int PARTITIONS = 5;
  private static final UUID TOPIC = new UUID(5, 5);
  private static final Path ROOT = Path.of("/logs");

  /** A log as the model has it: what was in it after each thing that was done to it. */
  private static final class Model implements LogOwner {
    private final Queue<DirectoryLog> due;
    private final List<State> history = new ArrayList<>();
    private int durable;
    private DirectoryLog log;

    /** The first state since which everything is to be synced before it is called durable. */
    private int syncedFrom;

    private boolean wasInMemory;

    private int generation;

    Model(Queue<DirectoryLog> due) {
      this.due = due;
      history.add(State.ABSENT);
    }

    State last() {
      return history.getLast();
    }

    synchronized void did(State state) {
      history.add(state);
    }

    @Override
    public synchronized void durable(LogEnd end) {
      for (int i = durable; i < history.size(); i++) {
        State state = history.get(i);
        if (state.present()
            && state.generation() == end.generation()
            && state.end() == end.endOffset()) {
          durable = i;
          return;
        }
      }
    }

    synchronized void closed() {
      durable = history.size() - 1;
      syncedFrom = 0;
    }

    synchronized void removalDurable(int index) {
      durable = Math.max(durable, index);
    }

    @Override
    public void checkpointDue() {
      due.add(log);
    }

    @Override
    public void damaged(String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public ByteBuffer producers() {
      return ByteBuffer.allocate(0);
    }

    /**
     * The state, if it is one of a log that was in memory, or one that is put together from its
     * files because it is not durable yet that there is one: the process may have died while it
     * wrote what was appended at once; and what is deleted is so by itself, beyond the end as well,
     * or not yet, while the journal is full.
     */
    synchronized State inMemory(State actual) {
      boolean fromFiles = wasInMemory || !history.get(durable).present();
      for (int i = durable; i < history.size() && fromFiles; i++) {
        State each = history.get(i);
        if (i > durable && history.get(i - 1).end() < actual.end() && actual.end() < each.end()) {
          each = each.cut(actual.end(), 0);
        }
        for (State other : history) {
          State deleted = each.startingAt(other.start()).clamped();
          if (deleted.text().equals(actual.text())) {
            return actual;
          }
        }
        if (actual.start() < each.start()
            && actual.startingAt(each.start()).text().equals(each.text())) {
          return actual;
        }
      }
      return null;
    }

    /** The state, if it is one that the log had, but for an end that is missing. */
    synchronized State shortened(State actual) {
      for (State each : history) {
        for (State later : history) {
          State rest = each.cut(actual.end(), 0).startingAt(later.start()).clamped();
          if (rest.text().equals(actual.text())) {
            return actual;
          }
        }
      }
      return null;
    }

    /** What came back is all there is from now on. */
    synchronized void recoveredAs(State state) {
      State anew = state.asGeneration(0);
      history.clear();
      history.add(anew);
      durable = 0;
      syncedFrom = 0;
      wasInMemory = false;
      generation = 0;
    }

    synchronized void durability(Durability wanted) {
      log.log().durability(wanted, ByteBuffer.allocate(0));
      wasInMemory |= log.log().progress().durability() == Durability.MEMORY;
      syncedFrom =
          log.log().progress().durability() == Durability.MEMORY
              ? Integer.MAX_VALUE
              : Math.min(syncedFrom, history.size());
    }

    /** Whether something was called durable that has to have been synced. */
    synchronized boolean hasToBeSynced() {
      return durable >= syncedFrom;
    }
  }

  /** What is in a log. */
  private record State(
      boolean present, int generation, long start, long end, List<RecordBatch> batches) {
    static final State ABSENT = new State(false, -1, 0, 0, List.of());

    static State empty(int generation, long at) {
      return new State(true, generation, at, at, List.of());
    }

    State asGeneration(int other) {
      return new State(present, other, start, end, batches);
    }

    State with(List<RecordBatch> more) {
      List<RecordBatch> all = new ArrayList<>(batches);
      all.addAll(more);
      return new State(present, generation, start, more.getLast().nextOffset(), List.copyOf(all));
    }

    State cut(long to, int newGeneration) {
      return new State(
          present,
          newGeneration,
          start,
          to,
          batches.stream().filter(batch -> batch.nextOffset() <= to).toList());
    }

    State clamped() {
      return start <= end ? this : empty(generation, end);
    }

    State startingAt(long to) {
      return new State(
          present,
          generation,
          to,
          end,
          batches.stream().filter(batch -> batch.nextOffset() > to).toList());
    }

    String text() {
      StringBuilder text = new StringBuilder(present ? start + ".." + end : "absent");
      for (RecordBatch batch : batches) {
        text.append(' ')
            .append(batch.baseOffset())
            .append('@')
            .append(batch.partitionLeaderEpoch());
        text.append('#').append(batch.bytes().getInt(RecordBatch.HEADER_BYTES));
      }
      return text.toString();
    }
  }

  private final SimDisk disk = new SimDisk();
  private final Queue<DirectoryLog> due = new ConcurrentLinkedQueue<>();
  private final Map<TopicIdPartition, Model> models = new HashMap<>();
  private Random random = new Random(0);
  private int seed;
  private boolean powerLost;
  private int killedInMemory;
  private int doubtedInMemory;
  private volatile IOException failure = new IOException("none");

  @Test
  void everyLogComesBackAsItWas() throws IOException {
    int killed = 0;
    int doubted = 0;
    for (int each = FIRST_SEED; each < FIRST_SEED + SEEDS; each++) {
      try {
        CrashTest test = new CrashTest();
        test.run(each);
        killed += test.killedInMemory;
        doubted += test.doubtedInMemory;
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(
            "seed " + each + "; again with -Djangada.crash.seeds=1 -Djangada.crash.first=" + each,
            e);
      }
    }
    assertThat(doubted).isLessThanOrEqualTo(1 + killed / 5);
  }

  private void run(int withSeed) throws IOException {
    seed = withSeed;
    random = new Random(seed);
    for (int i = 0; i < PARTITIONS; i++) {
      models.put(new TopicIdPartition(TOPIC, i), new Model(due));
    }
    for (int round = 0; round < RUNS; round++) {
      boolean clean = random.nextInt(5) == 0;
      LogDirectory directory = open();
      compare(directory);
      boolean killed = random.nextBoolean();
      disk.losePowerAt(clean ? -1 : disk.operations() + random.nextInt(150));
      for (int i = 0; i < 400 && !directory.failed(); i++) {
        act(directory);
        takeDue();
        if (random.nextInt(60) == 0) {
          LockSupport.parkNanos(random.nextInt(3_000_000));
        }
      }
      if (clean) {
        directory.close();
        models.values().forEach(Model::closed);
        if (directory.failed()) {
          throw new AssertionError("failed without a power loss", failure);
        }
      } else {
        disk.losePowerAt(disk.operations());
        try {
          directory.close();
        } catch (IOException e) {
          // The disk is dead.
        }
      }
      powerLost = !killed;
      if (killed) {
        disk.restartProcess();
      } else {
        disk.restart(random);
      }
      due.clear();
    }
    LogDirectory directory = open();
    compare(directory);
    directory.close();
  }

  private LogDirectory open() throws IOException {
    OpenFiles files = new OpenFiles(disk, 3);
    return LogDirectory.open(
        new LogDirectoryConfig(
            ROOT,
            new UUID(1, 1),
            64 << 10,
            Long.getLong("jangada.crash.journal", 4 << 20),
            32 << 10,
            1 << 20,
            2),
        disk,
        files,
        new TailCache(8 << 10),
        new ReplicationMetrics(new CollectorRegistry()),
        e -> failure = e);
  }

  private void takeDue() {
    DirectoryLog log = due.poll();
    while (log != null) {
      log.checkpoint(ByteBuffer.allocate(0));
      log = due.poll();
    }
  }

  private void act(LogDirectory directory) {
    int number = random.nextInt(PARTITIONS);
    TopicIdPartition id = new TopicIdPartition(TOPIC, number);
    Model model = models.get(id);
    State state = model.last();
    if (!state.present()) {
      if (random.nextInt(4) == 0 && !isBeingRemoved(directory, id)) {
        create(directory, id, model);
      }
      return;
    }
    PartitionLog log = model.log.log();
    switch (random.nextInt(40)) {
      case 0, 1 -> {
        if (!state.batches().isEmpty()) {
          RecordBatch at = state.batches().get(random.nextInt(state.batches().size()));
          if (at.baseOffset() >= state.start()) {
            model.generation++;
            model.did(state.cut(at.baseOffset(), model.generation));
            log.truncate(at.baseOffset(), model.generation, ByteBuffer.allocate(0));
          }
        }
      }
      case 2 -> {
        model.generation++;
        long to = random.nextInt(200);
        model.did(State.empty(model.generation, to));
        log.reset(to, model.generation);
      }
      case 3, 4 -> {
        long to = state.start() + random.nextInt((int) (state.end() - state.start()) + 1);
        if (to > state.start()) {
          model.did(state.startingAt(to));
          log.advanceLogStart(to);
        }
      }
      case 5 -> {
        if (random.nextInt(4) == 0) {
          model.did(State.ABSENT);
          int index = model.history.size() - 1;
          directory.remove(
              id,
              "topic",
              () -> {
                // A directory that has failed removes nothing, and does not hold anyone up.
                if (!directory.failed()) {
                  model.removalDurable(index);
                }
              });
        }
      }
      case 6 -> model.log.checkpoint(ByteBuffer.allocate(0));
      case 7 -> model.durability(random.nextBoolean() ? Durability.MEMORY : Durability.FSYNC);
      default -> append(model, log, state);
    }
  }

  private static boolean isBeingRemoved(LogDirectory directory, TopicIdPartition id) {
    return directory.holds(id);
  }

  private void create(LogDirectory directory, TopicIdPartition id, Model model) {
    model.generation = 0;
    model.did(State.empty(0, 0));
    model.log = directory.create(id, "topic");
    model.log.owner(model);
    model.log.log().segmentLimits(SegmentLimits.ofBytes(8 << 10));
  }

  private void append(Model model, PartitionLog log, State state) {
    List<RecordBatch> batches = new ArrayList<>();
    long offset = state.end();
    int epoch = Math.max(0, log.epochs().lastEpoch()) + (random.nextInt(8) == 0 ? 1 : 0);
    for (int i = random.nextInt(3); i >= 0; i--) {
      RecordBatch batch =
          TestBatches.at(offset, epoch, 1 + random.nextInt(9), 10 + random.nextInt(2_000));
      batch = TestBatches.withFirstInt(batch, random.nextInt());
      batches.add(batch);
      offset = batch.nextOffset();
    }
    model.did(state.with(batches));
    log.append(batches);
  }

  private void compare(LogDirectory directory) throws IOException {
    Map<TopicIdPartition, FoundLog.Usable> found = new HashMap<>();
    for (FoundLog each : directory.found()) {
      assertThat(each).isInstanceOf(FoundLog.Usable.class);
      FoundLog.Usable usable = (FoundLog.Usable) each;
      Model owner = models.get(each.partition());
      // While the journal is full, segments may be written before it says that there is a log.
      boolean called = owner.history.get(owner.durable).present();
      if (called && usable.synced()) {
        assertThat(usable.doubt()).isEmpty();
      } else if (called && !powerLost) {
        killedInMemory++;
        // While the journal is full, files are cut before it says so: that may look like a loss.
        doubtedInMemory += usable.doubt().isEmpty() ? 0 : 1;
      }
      found.put(each.partition(), usable);
    }
    directory.settleDoubts();
    for (Map.Entry<TopicIdPartition, Model> each : models.entrySet()) {
      FoundLog.Usable usable = found.get(each.getKey());
      State actual = usable == null ? State.ABSENT : stateOf(usable);
      Model model = each.getValue();
      boolean mayBeShorter = powerLost && usable != null && !usable.synced();
      if (usable != null && model.hasToBeSynced()) {
        assertThat(usable.synced()).as("%s is synced", each.getKey()).isTrue();
      }
      State match = mayBeShorter ? model.shortened(actual) : null;
      for (int i = model.history.size() - 1; i >= model.durable && match == null; i--) {
        State candidate = model.history.get(i);
        match = candidate.text().equals(actual.text()) ? candidate : null;
      }
      if (match == null && usable != null) {
        match = model.inMemory(actual);
      }
      if (match == null) {
        throw new AssertionError(
            each.getKey()
                + " came back as\n"
                + actual.text()
                + "\nbut was at least\n"
                + model.history.get(model.durable).text()
                + "\nand then\n"
                + String.join(
                    "\n",
                    model.history.subList(model.durable + 1, model.history.size()).stream()
                        .map(State::text)
                        .toList()));
      }
      model.recoveredAs(match);
      if (usable != null) {
        model.log = usable.log();
        model.log.owner(model);
        model.log.log().segmentLimits(SegmentLimits.ofBytes(8 << 10));
        Durability kept = model.log.log().progress().durability();
        assertThat(usable.synced()).isEqualTo(kept == Durability.FSYNC);
        model.durability(kept);
      }
    }
  }

  private static State stateOf(FoundLog.Usable usable) throws IOException {
    PartitionLog log = usable.log().log();
    List<RecordBatch> batches = new ArrayList<>();
    long offset = log.logStartOffset();
    while (offset < log.logEndOffset()) {
      LogSlice slice = log.read(offset, 4_000, Long.MAX_VALUE);
      if (slice.isEmpty()) {
        throw new AssertionError("nothing at " + offset + " of " + usable);
      }
      for (ByteBuffer buffer : slice.buffers()) {
        ByteBuffer rest = buffer.duplicate();
        while (rest.hasRemaining()) {
          RecordBatch batch = RecordBatch.at(rest.slice());
          batch.validate();
          batches.add(batch);
          rest.position(rest.position() + batch.sizeInBytes());
        }
      }
      offset = slice.nextOffset();
    }
    assertThat(usable.state().logEndOffset()).isEqualTo(log.logEndOffset());
    if (!batches.isEmpty()) {
      assertThat(usable.state().epochs().lastEpoch())
          .isEqualTo(batches.getLast().partitionLeaderEpoch());
    }
    return new State(true, 0, log.logStartOffset(), log.logEndOffset(), List.copyOf(batches));
  }
}
