// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.record.Compression;
import io.jangada.record.DecodedRecord;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import io.jangada.record.RecordReader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * After any history of keys and any passes, wherever those ended: who reads from the beginning
 * finds exactly the newest value of each key and none of a deleted one; every record that is left
 * is as it was written; offsets have no gaps; epochs begin where they began; and the last sequence
 * of each producer is there.
 */
class CompactionModelTest {
  private static final int SEEDS = Integer.getInteger("jangada.compaction.seeds", 60);
  private static final int FIRST_SEED = Integer.getInteger("jangada.compaction.first", 1);
  private static final int MAX_BYTES = 1 << 20;
  private static final long DELETE_RETENTION_MS = 1_000;

  /** A record as it was written. */
  private record Written(String key, String value, long timestampMs) {}

  private Random random = new Random(0);
  private final List<List<RecordBatch>> segments = new ArrayList<>();
  private final List<Boolean> compacted = new ArrayList<>();
  private final Map<Long, Written> written = new HashMap<>();
  private final Map<Integer, Long> epochStarts = new TreeMap<>();
  private final Map<Long, RecordBatch> lastOfProducer = new HashMap<>();
  private final Map<Long, Integer> sequences = new HashMap<>();
  private final Map<String, Long> newest = new HashMap<>();
  private long compactedTo;
  private long end;
  private long nowMs;
  private int epoch;

  private void restart(int seed) {
    random = new Random(seed);
    segments.clear();
    compacted.clear();
    written.clear();
    epochStarts.clear();
    lastOfProducer.clear();
    sequences.clear();
    newest.clear();
    compactedTo = 0;
    end = 0;
    nowMs = 1_000_000;
    epoch = 0;
  }

  @Test
  void everyKeyHasItsNewestValueAndNoDeletedOne() {
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        restart(seed);
        run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed "
                + seed
                + "; again with -Djangada.compaction.seeds=1 -Djangada.compaction.first="
                + seed,
            e);
      }
    }
  }

  private void run() {
    for (int step = 0; step < 60; step++) {
      for (int i = random.nextInt(6); i >= 0; i--) {
        append();
      }
      nowMs += random.nextInt(400);
      if (random.nextInt(3) == 0) {
        pass(random.nextInt(4) == 0 ? KeyOffsets.MIN_BYTES : 1 << 16, random.nextInt(5) == 0);
        check();
      }
    }
    checkWhatIsLeft();
  }

  private void append() {
    append(segments.isEmpty() || random.nextInt(5) == 0);
  }

  private void append(boolean inNewSegment) {
    if (inNewSegment) {
      segments.add(new ArrayList<>());
      compacted.add(false);
    }
    epoch += random.nextInt(25) == 0 ? 1 : 0;
    epochStarts.putIfAbsent(epoch, end);
    Compression[] all = Compression.values();
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            MAX_BYTES, random.nextInt(4) == 0 ? all[random.nextInt(all.length)] : Compression.NONE);
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String key = random.nextInt(40) == 0 ? null : "k" + random.nextInt(20);
      String value = random.nextInt(4) == 0 ? null : "v" + end + "-" + i + "x".repeat(i * 20);
      long timestampMs = nowMs - random.nextInt(100);
      builder.append(timestampMs, bytes(key), bytes(value), List.of());
      written.put(end + i, new Written(key, value, timestampMs));
      if (key != null) {
        newest.put(key, end + i);
      }
    }
    long producer = random.nextInt(6) - 1L;
    RecordBatch batch;
    if (producer >= 0) {
      int sequence = sequences.merge(producer, count, Integer::sum) - count;
      batch = builder.build(producer, (short) 0, sequence);
    } else {
      batch = builder.build();
    }
    batch.assign(end, epoch);
    if (producer >= 0) {
      lastOfProducer.put(producer, batch);
    }
    segments.getLast().add(batch);
    end = batch.nextOffset();
  }

  /** A pass as the cleaner does it; it may die between two segments, or have little memory. */
  private void pass(long memoryBytes, boolean dies) {
    List<ClosedSegment> closed = new ArrayList<>();
    for (int i = 0; i < segments.size() - 1; i++) {
      closed.add(describe(i));
    }
    CompactionSettings settings = new CompactionSettings(0, 0, Long.MAX_VALUE, DELETE_RETENTION_MS);
    CompactionPlan plan = CompactionPlan.of(closed, compactedTo, end, settings, nowMs).orElse(null);
    if (plan == null) {
      return;
    }
    KeyOffsets keys =
        new KeyOffsets(
            MemorySegment.ofArray(
                new long
                    [(int)
                        (Math.min(memoryBytes, KeyOffsets.bytesFor(plan.dirtyOffsets()))
                            / Long.BYTES)]),
            random.nextLong(),
            random.nextLong());
    KeyMapping mapping = new KeyMapping(keys, plan.firstDirtyOffset(), MAX_BYTES);
    for (int i = 0; i < plan.segments().size() && !mapping.isFull(); i++) {
      if (plan.segments().get(i).endOffset() > plan.firstDirtyOffset()) {
        for (RecordBatch batch : segments.get(i)) {
          if (!mapping.take(batch)) {
            break;
          }
        }
      }
    }
    assertThat(mapping.mappedTo()).isGreaterThan(plan.firstDirtyOffset());
    List<List<RecordBatch>> after = new ArrayList<>();
    List<Boolean> afterCompacted = new ArrayList<>();
    int at = 0;
    for (List<ClosedSegment> group : plan.groups(mapping.mappedTo(), 4_000)) {
      if (dies && random.nextInt(3) == 0) {
        break;
      }
      List<RecordBatch> left = new ArrayList<>();
      SegmentCompaction compaction =
          new SegmentCompaction(
              keys,
              new SegmentCompaction.Terms(
                  mapping.mappedTo(), DELETE_RETENTION_MS, nowMs, MAX_BYTES),
              (producer, lastOffset) -> lastOfProducer.get(producer).lastOffset() == lastOffset,
              batch -> left.add(copy(batch)));
      for (int i = 0; i < group.size(); i++) {
        segments.get(at + i).forEach(compaction::take);
      }
      compaction.end();
      after.add(left);
      afterCompacted.add(group.getLast().endOffset() <= mapping.mappedTo());
      at += group.size();
      assertThat(left.getFirst().baseOffset()).isEqualTo(group.getFirst().baseOffset());
    }
    if (!dies) {
      compactedTo = mapping.mappedTo();
    }
    after.addAll(segments.subList(at, segments.size()));
    afterCompacted.addAll(compacted.subList(at, compacted.size()));
    segments.clear();
    segments.addAll(after);
    compacted.clear();
    compacted.addAll(afterCompacted);
    if (dies) {
      // A start knows only what is noted of whole segments, and none of it if the pass died.
      compacted.replaceAll(ignored -> false);
      compactedTo = 0;
    }
  }

  private ClosedSegment describe(int i) {
    List<RecordBatch> batches = segments.get(i);
    return new ClosedSegment(
        batches.getFirst().baseOffset(),
        batches.getLast().nextOffset(),
        batches.stream().mapToInt(RecordBatch::sizeInBytes).sum(),
        batches.getFirst().maxTimestampMs(),
        batches.stream().mapToLong(RecordBatch::maxTimestampMs).max().orElse(-1),
        compacted.get(i));
  }

  private void check() {
    long expected = 0;
    int lastEpoch = -1;
    Map<String, Long> read = new HashMap<>();
    Map<Long, Integer> lastSequences = new HashMap<>();
    for (List<RecordBatch> segment : segments) {
      for (RecordBatch batch : segment) {
        batch.validate();
        assertThat(batch.baseOffset()).isEqualTo(expected);
        expected = batch.nextOffset();
        if (batch.partitionLeaderEpoch() != lastEpoch) {
          lastEpoch = batch.partitionLeaderEpoch();
          assertThat(batch.baseOffset()).isEqualTo(epochStarts.get(lastEpoch));
        }
        if (batch.producerId() != RecordBatch.NO_PRODUCER_ID) {
          lastSequences.put(batch.producerId(), batch.lastSequence());
        }
        readRecords(batch, read);
      }
    }
    assertThat(expected).isEqualTo(end);
    lastOfProducer.forEach(
        (producer, batch) ->
            assertThat(lastSequences).containsEntry(producer, batch.lastSequence()));
    Map<String, Long> values = new HashMap<>(newest);
    values.values().removeIf(offset -> written.get(offset).value() == null);
    assertThat(read).isEqualTo(values);
  }

  private void readRecords(RecordBatch batch, Map<String, Long> read) {
    RecordReader reader = RecordReader.of(batch);
    long maxTimestampMs = Long.MIN_VALUE;
    while (reader.hasNext()) {
      DecodedRecord record = reader.next();
      Written original = written.get(record.offset());
      assertThat(text(record.key())).isEqualTo(original.key());
      assertThat(text(record.value())).isEqualTo(original.value());
      assertThat(record.timestampMs()).isEqualTo(original.timestampMs());
      maxTimestampMs = Math.max(maxTimestampMs, record.timestampMs());
      if (original.key() == null) {
        continue;
      }
      if (original.value() == null) {
        read.remove(original.key());
      } else {
        read.put(original.key(), record.offset());
      }
    }
    if (batch.recordCount() > 0) {
      assertThat(batch.maxTimestampMs()).isEqualTo(maxTimestampMs);
    }
  }

  /** Once everything is closed and old enough, one record of each key is left, and no tombstone. */
  private void checkWhatIsLeft() {
    long old = 0;
    for (int i = 0; i < 2; i++) {
      // What is new closes the last segment, and is why there is a pass at all.
      append(true);
      append(true);
      old = i == 0 ? segments.getLast().getFirst().baseOffset() : old;
      pass(1 << 16, false);
      check();
      nowMs += DELETE_RETENTION_MS + 500;
    }
    append(true);
    long bound = segments.getLast().getFirst().baseOffset();
    append(true);
    append(true);
    pass(1 << 16, false);
    check();
    Set<String> keys = new HashSet<>();
    for (RecordBatch batch : segments.stream().flatMap(List::stream).toList()) {
      RecordReader reader = RecordReader.of(batch);
      while (reader.hasNext() && batch.nextOffset() <= bound) {
        DecodedRecord record = reader.next();
        assertThat(record.key()).isNotNull();
        assertThat(keys.add(text(record.key()))).as("one record of each key").isTrue();
        assertThat(record.value() != null || record.offset() >= old).as("gone in time").isTrue();
      }
    }
  }

  private static RecordBatch copy(RecordBatch batch) {
    return RecordBatch.at(ByteBuffer.allocate(batch.sizeInBytes()).put(batch.bytes()).flip());
  }

  private static ByteBuffer bytes(String text) {
    return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ByteBuffer bytes) {
    return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }
}
