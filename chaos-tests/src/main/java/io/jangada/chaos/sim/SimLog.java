// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.core.ProducerStates;
import io.jangada.replication.core.RecoveredLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of one replica on the simulated disk: batches of which the first so many are durable.
 * What comes after is bytes in the page cache, of which a power loss keeps any subset of sectors.
 */
final class SimLog {
  private static final int SECTOR_BYTES = 512;
  private static final long NOTE_PERIOD_MS = 2_000;

  private final List<RecordBatch> batches = new ArrayList<>();
  private int durableBatches;
  private int removedBatches;
  private int generation;
  private long startOffset;
  private long notedHighWatermark;
  private long notedAtMs;

  /** What this log has in common with what was committed; see {@link Truth}. */
  final ReplicaContent content = new ReplicaContent();

  long endOffset() {
    return batches.isEmpty() ? startOffset : batches.getLast().nextOffset();
  }

  long durableEndOffset() {
    return durableBatches == 0 ? startOffset : batches.get(durableBatches - 1).nextOffset();
  }

  boolean isDurable() {
    return durableBatches == batches.size();
  }

  /** Appended since the beginning and not truncated. */
  int batchCount() {
    return removedBatches + batches.size();
  }

  int generation() {
    return generation;
  }

  void append(RecordBatch batch) {
    batches.add(batch);
    content.append(batch);
  }

  void truncate(long toOffset, int newGeneration) {
    while (!batches.isEmpty() && batches.getLast().baseOffset() >= toOffset) {
      batches.removeLast();
    }
    if (endOffset() != toOffset) {
      throw new IllegalStateException("expected a batch to end at " + toOffset);
    }
    durableBatches = Math.min(durableBatches, batches.size());
    generation = newGeneration;
    content.truncate(toOffset);
  }

  /** Drops everything and begins anew there; taken to be durable at once. */
  void reset(long toOffset, int newGeneration) {
    batches.clear();
    durableBatches = 0;
    startOffset = toOffset;
    generation = newGeneration;
    content.reset(toOffset);
  }

  /** Records below the offset are deleted: whole batches go, of the first one a part is hidden. */
  void advanceStart(long toOffset) {
    startOffset = toOffset;
    int gone = 0;
    while (gone < durableBatches && batches.get(gone).nextOffset() <= toOffset) {
      gone++;
    }
    batches.subList(0, gone).clear();
    durableBatches -= gone;
    removedBatches += gone;
  }

  /** An fsync that began when there were that many batches, in that generation, has ended. */
  void synced(int batchCount, int ofGeneration) {
    if (ofGeneration == generation) {
      durableBatches =
          Math.max(durableBatches, Math.min(batchCount - removedBatches, batches.size()));
    }
  }

  /** Noted now and then only: what a restart finds is an old one. */
  void noteHighWatermark(long highWatermark, long nowMs) {
    if (nowMs - notedAtMs >= NOTE_PERIOD_MS) {
      notedAtMs = nowMs;
      notedHighWatermark = highWatermark;
    }
  }

  /** Up to that many batches from the one that holds the offset on. */
  List<RecordBatch> read(long fromOffset, int maxBatches) {
    int low = 0;
    int high = batches.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (batches.get(middle).nextOffset() <= fromOffset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return List.copyOf(batches.subList(low, Math.min(batches.size(), low + maxBatches)));
  }

  /** kill -9: what the process had not handed to the kernel is gone, somewhere in a batch. */
  boolean killed(SimClock clock) {
    ByteBuffer tail = tail();
    int kept = (int) clock.between(0, tail.capacity());
    return recoverTail(tail.slice(0, kept));
  }

  /** Power loss: any subset of the sectors that were not synced is there. */
  boolean lostPower(SimClock clock) {
    ByteBuffer tail = tail();
    double kept = clock.between(0, 10) / 10.0;
    for (int at = 0; at < tail.capacity(); at += SECTOR_BYTES) {
      if (!clock.chance(kept)) {
        int end = Math.min(tail.capacity(), at + SECTOR_BYTES);
        for (int i = at; i < end; i++) {
          tail.put(i, (byte) 0);
        }
      }
    }
    return recoverTail(tail);
  }

  void wipe() {
    reset(0, 0);
    notedHighWatermark = 0;
  }

  /** What recovery hands to the replica; it has synced what it found. */
  RecoveredLog recover(long nowMs) {
    durableBatches = batches.size();
    generation = 0;
    LeaderEpochHistory epochs = new LeaderEpochHistory();
    ProducerStates producers = new ProducerStates();
    for (RecordBatch batch : batches) {
      epochs.append(batch.partitionLeaderEpoch(), batch.baseOffset());
      producers.appended(batch, 0, nowMs);
    }
    epochs.truncateBefore(startOffset);
    long end = endOffset();
    return new RecoveredLog(
        startOffset, end, end, Math.min(notedHighWatermark, end), epochs, producers);
  }

  private ByteBuffer tail() {
    int size = 0;
    for (int i = durableBatches; i < batches.size(); i++) {
      size += batches.get(i).sizeInBytes();
    }
    ByteBuffer tail = ByteBuffer.allocate(size);
    for (int i = durableBatches; i < batches.size(); i++) {
      tail.put(batches.get(i).bytes());
    }
    return tail.flip();
  }

  /** Keeps what is whole; returns true if something was torn off. */
  private boolean recoverTail(ByteBuffer tail) {
    long before = endOffset();
    if (durableBatches == 0 && !batches.isEmpty()) {
      // A log start is durable only after what was written before it.
      startOffset = Math.min(startOffset, batches.getFirst().baseOffset());
    }
    truncate(durableEndOffset(), generation);
    try {
      while (tail.hasRemaining()) {
        RecordBatch batch = RecordBatch.at(tail);
        batch.validate();
        if (batch.baseOffset() != endOffset()) {
          break;
        }
        append(batch);
        tail.position(tail.position() + batch.sizeInBytes());
      }
    } catch (JangadaException torn) {
      return true;
    }
    return endOffset() < before;
  }
}
