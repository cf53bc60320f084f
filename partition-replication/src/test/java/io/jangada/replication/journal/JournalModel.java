// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.TestBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What was appended to a journal, what it called durable, and what may come back from it: every
 * durable entry exactly once, in order; of the others, those that follow without a gap, or none.
 */
final class JournalModel {
  private static final int LOGS = 5;

  /** What an entry is, in a form that can be compared. */
  record Fact(TopicIdPartition log, String what, ByteBuffer bytes) {}

  private final class ModelLog implements JournaledLog {
    private final TopicIdPartition id;
    private long appendedOffset;
    private long durableNumber;

    ModelLog(TopicIdPartition id) {
      this.id = id;
    }

    @Override
    public void durable(long number, LogEnd end) {
      assertThat(number).isGreaterThan(durableNumber);
      assertThat(end.endOffset()).isEqualTo(endOffsets.get(number));
      durableNumber = number;
      callbacks++;
    }
  }

  private final NavigableMap<Long, Fact> appended = new TreeMap<>();
  private final Map<Long, Long> endOffsets = new HashMap<>();
  private final List<ModelLog> logs = new ArrayList<>();
  private long released;
  private int callbacks;

  JournalModel() {
    for (int i = 0; i < LOGS; i++) {
      logs.add(new ModelLog(new TopicIdPartition(new UUID(7, i / 2), i)));
    }
  }

  /** Appends any entry to any log. */
  void appendAny(Journal journal, RandomGenerator random, int maxBytes) {
    append(journal, logs.get(random.nextInt(LOGS)), any(random, maxBytes));
  }

  /** Appends batches of so many bytes, at least a header's, to a log. */
  void appendBatch(Journal journal, int log, int bytes) {
    append(journal, logs.get(log), List.of(bytes));
  }

  private static List<Integer> any(RandomGenerator random, int maxBytes) {
    List<Integer> sizes = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      return sizes;
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      sizes.add(RecordBatch.HEADER_BYTES + random.nextInt(maxBytes));
    }
    return sizes;
  }

  private void append(Journal journal, ModelLog log, List<Integer> sizes) {
    List<RecordBatch> batches = new ArrayList<>();
    long before = log.appendedOffset;
    for (int size : sizes) {
      batches.add(TestBatches.at(log.appendedOffset, 3, 1, size - RecordBatch.HEADER_BYTES));
      log.appendedOffset++;
    }
    JournalEntry entry =
        batches.isEmpty()
            ? other((int) (before % 5), log)
            : new JournalEntry.Batches(log.id, batches);
    if (batches.isEmpty()) {
      log.appendedOffset++;
    }
    long next = appended.isEmpty() ? 1 : appended.lastKey() + 1;
    // The journal may not call back before it has returned the number: tests step it.
    long number = journal.append(log, entry, new LogEnd(log.appendedOffset, 0));
    assertThat(number).isGreaterThanOrEqualTo(next);
    appended.put(number, fact(entry));
    endOffsets.put(number, log.appendedOffset);
  }

  private static JournalEntry other(int kind, ModelLog log) {
    return switch (kind) {
      case 0 -> new JournalEntry.Created(log.id, "tópico-" + log.appendedOffset);
      case 1 -> new JournalEntry.Truncated(log.id, log.appendedOffset);
      case 2 -> new JournalEntry.Reset(log.id, log.appendedOffset);
      case 3 -> new JournalEntry.LogStart(log.id, log.appendedOffset);
      default -> new JournalEntry.Removed(log.id);
    };
  }

  private static Fact fact(JournalEntry entry) {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    return switch (entry) {
      case JournalEntry.Created created ->
          new Fact(created.log(), "created " + created.topic(), nothing);
      case JournalEntry.Batches batches -> {
        int bytes = 0;
        for (RecordBatch batch : batches.batches()) {
          bytes += batch.sizeInBytes();
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (RecordBatch batch : batches.batches()) {
          all.put(batch.bytes());
        }
        yield new Fact(batches.log(), "batches", all.flip());
      }
      case JournalEntry.Truncated truncated ->
          new Fact(truncated.log(), "truncated " + truncated.toOffset(), nothing);
      case JournalEntry.Reset reset -> new Fact(reset.log(), "reset " + reset.offset(), nothing);
      case JournalEntry.LogStart start ->
          new Fact(start.log(), "log start " + start.offset(), nothing);
      case JournalEntry.Removed removed -> new Fact(removed.log(), "removed", nothing);
    };
  }

  /** The highest number that some log was told is durable. */
  long highestDurable() {
    long highest = 0;
    for (ModelLog log : logs) {
      highest = Math.max(highest, log.durableNumber);
    }
    return highest;
  }

  int callbacks() {
    return callbacks;
  }

  /** A checkpoint: entries up to the number need not come back. */
  void release(long number) {
    released = Math.max(released, number);
  }

  long released() {
    return released;
  }

  /** After a recovery: what came back is in the segments, and what did not has never been. */
  void recovered(Replay replay) {
    appended.keySet().retainAll(replay.facts.keySet());
    endOffsets.keySet().retainAll(appended.keySet());
    for (long number : replay.facts.keySet()) {
      released = Math.max(released, number);
    }
  }

  /**
   * After a recovery: what came back has to come back again, and what did not has never been. But
   * what was released may be shown or not: the group that said so last may have been cut off.
   */
  void stillNeeded(Replay replay) {
    appended.keySet().removeIf(each -> each > released && !replay.facts.containsKey(each));
    endOffsets.keySet().retainAll(appended.keySet());
    for (ModelLog log : logs) {
      for (Map.Entry<Long, Fact> each : appended.entrySet()) {
        if (each.getValue().log().equals(log.id)) {
          log.durableNumber = Math.max(log.durableNumber, each.getKey());
        }
      }
    }
  }

  /** What was shown is true: each entry is what was appended, in order, without a gap. */
  void assertTrue(Replay replay) {
    NavigableMap<Long, Fact> shown = replay.facts;
    if (!shown.isEmpty()) {
      assertThat(shown).isEqualTo(appended.subMap(shown.firstKey(), true, shown.lastKey(), true));
    }
  }

  /** Everything durable that was not released was shown. */
  void assertWhole(Replay replay) {
    for (ModelLog log : logs) {
      for (Map.Entry<Long, Fact> each :
          appended.subMap(released, false, Long.MAX_VALUE, true).entrySet()) {
        if (each.getValue().log().equals(log.id) && each.getKey() <= log.durableNumber) {
          assertThat(replay.facts).containsKey(each.getKey());
        }
      }
    }
  }

  /** Collects what a journal shows. */
  static final class Replay implements JournalVisitor {
    private final NavigableMap<Long, Fact> facts = new TreeMap<>();

    private void add(long number, TopicIdPartition log, String what, ByteBuffer bytes) {
      if (!facts.isEmpty()) {
        assertThat(number).isGreaterThan(facts.lastKey());
      }
      facts.put(number, new Fact(log, what, bytes));
    }

    private void add(long number, TopicIdPartition log, String what) {
      add(number, log, what, ByteBuffer.allocate(0));
    }

    int size() {
      return facts.size();
    }

    long highest() {
      return facts.isEmpty() ? 0 : facts.lastKey();
    }

    @Override
    public void created(long number, TopicIdPartition log, String topic) {
      add(number, log, "created " + topic);
    }

    @Override
    public void batches(long number, TopicIdPartition log, ByteBuffer batches) {
      ByteBuffer copy = ByteBuffer.allocate(batches.remaining());
      add(number, log, "batches", copy.put(batches).flip());
    }

    @Override
    public void truncated(long number, TopicIdPartition log, long toOffset) {
      add(number, log, "truncated " + toOffset);
    }

    @Override
    public void reset(long number, TopicIdPartition log, long offset) {
      add(number, log, "reset " + offset);
    }

    @Override
    public void logStart(long number, TopicIdPartition log, long offset) {
      add(number, log, "log start " + offset);
    }

    @Override
    public void removed(long number, TopicIdPartition log) {
      add(number, log, "removed");
    }
  }
}
