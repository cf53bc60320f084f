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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log of one replica on the simulated disk: batches of which the first so many are durable.
 * What comes after is bytes in the page cache, of which a power loss keeps any subset of sectors.
 * Of a memory-durable topic's log those that count as safe are in the page cache, and durable only
 * from time to time.
 */
final class SimLog {
  private static final int SECTOR_BYTES = 512;
  private static final long NOTE_PERIOD_MS = 2_000;
  private static final int SYNCS_PER_CHECKPOINT = 20;

  /** What recovery says of a log; the words of the engine. */
  enum Verdict {
    WHOLE,
    SUSPECT,
    UNSYNCED,
    DAMAGED
  }

  private final boolean inMemory;
  private final List<RecordBatch> batches = new ArrayList<>();
  private int durableBatches;
  private int safeBatches;
  private int syncs;

  /** Where the disk has rotted; nobody knows before it is read. */
  private @Nullable RecordBatch rotten;

  /** From where on the log is only in the page cache, though it is not dirty. */
  private long droppedFrom = Long.MAX_VALUE;

  private boolean damaged;

  /** Put down until the quorum has heard it: the process may die before it can say so. */
  private boolean suspect;

  private boolean incomplete;
  private boolean reported;
  private @Nullable UUID recoveredBy;
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

  SimLog(boolean inMemory) {
    this.inMemory = inMemory;
  }

  /**
   * Up to where it has what it ever called durable: on the disk, or for a memory-durable topic in
   * the page cache.
   */
  long safeEndOffset() {
    long safe = safeBatches == 0 ? startOffset : batches.get(safeBatches - 1).nextOffset();
    RecordBatch bad = rotten;
    long sound = bad == null ? droppedFrom : Math.min(droppedFrom, bad.baseOffset());
    return damaged ? 0 : Math.min(safe, sound);
  }

  boolean isDurable() {
    return safeBatches == batches.size();
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
    safeBatches = Math.min(safeBatches, batches.size());
    generation = newGeneration;
    content.truncate(toOffset);
    RecordBatch bad = rotten;
    if (bad != null && bad.baseOffset() >= toOffset) {
      rotIsGone();
    }
  }

  /** Drops everything and begins anew there; taken to be durable at once. */
  void reset(long toOffset, int newGeneration) {
    batches.clear();
    durableBatches = 0;
    safeBatches = 0;
    startOffset = toOffset;
    generation = newGeneration;
    content.reset(toOffset);
    if (hasRot()) {
      rotIsGone();
    }
  }

  /** Records below the offset are deleted: whole batches go, of the first one a part is hidden. */
  void advanceStart(long toOffset) {
    startOffset = toOffset;
    int gone = 0;
    while (gone < durableBatches && batches.get(gone).nextOffset() <= toOffset) {
      gone++;
    }
    RecordBatch bad = rotten;
    if (bad != null && gone > 0 && bad.nextOffset() <= batches.get(gone - 1).nextOffset()) {
      rotIsGone();
    }
    batches.subList(0, gone).clear();
    durableBatches -= gone;
    safeBatches -= gone;
    removedBatches += gone;
  }

  /** An fsync that began when there were that many batches, in that generation, has ended. */
  void synced(int batchCount, int ofGeneration) {
    if (ofGeneration != generation) {
      return;
    }
    int synced = Math.min(batchCount - removedBatches, batches.size());
    safeBatches = Math.max(safeBatches, synced);
    if (!inMemory || ++syncs % SYNCS_PER_CHECKPOINT == 0) {
      durableBatches = Math.max(durableBatches, synced);
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

  // ---- what is done to it

  /** kill -9: what the process had not handed to the kernel is gone, somewhere in a batch. */
  boolean killed(SimClock clock) {
    ByteBuffer tail = tail(safeBatches);
    int kept = (int) clock.between(0, tail.capacity());
    return recoverTail(tail.slice(0, kept), safeBatches);
  }

  /** Power loss: any subset of the sectors that were not synced is there. */
  boolean lostPower(SimClock clock, Counters counters) {
    long safe = safeEndOffset();
    ByteBuffer tail = tail(durableBatches);
    double kept = clock.between(0, 10) / 10.0;
    boolean missing = false;
    for (int at = 0; at < tail.capacity(); at += SECTOR_BYTES) {
      if (clock.chance(kept)) {
        if (missing) {
          counters.count(Counter.SECTORS_REORDERED);
        }
      } else {
        missing = true;
        int end = Math.min(tail.capacity(), at + SECTOR_BYTES);
        for (int i = at; i < end; i++) {
          tail.put(i, (byte) 0);
        }
      }
    }
    boolean torn = recoverTail(tail, durableBatches);
    if (inMemory) {
      incomplete();
    }
    if (safeEndOffset() < safe) {
      counters.count(Counter.MEMORY_LOST);
    }
    return torn;
  }

  void wipe() {
    reset(0, 0);
    damaged = false;
    notedHighWatermark = 0;
  }

  /** Something below the durable point rots: the batch that far from the end, in percent. */
  boolean rot(int percent) {
    if (durableBatches == 0 || hasRot() || damaged) {
      return false;
    }
    int at = durableBatches - 1 - (durableBatches - 1) * percent / 100;
    RecordBatch sound = batches.get(at);
    // A copy: other replicas have the same batch.
    ByteBuffer bytes = ByteBuffer.allocate(sound.sizeInBytes()).put(sound.bytes()).flip();
    int flipped = RecordBatch.HEADER_BYTES + Long.BYTES - 1;
    bytes.put(flipped, (byte) (bytes.get(flipped) ^ 1));
    rotten = RecordBatch.at(bytes);
    batches.set(at, rotten);
    incomplete();
    return true;
  }

  /** Whether something in it has rotted that nobody has come upon. */
  boolean hasRot() {
    return rotten != null;
  }

  /** What has rotted is not part of the log any more. */
  private void rotIsGone() {
    rotten = null;
    incomplete = inMemory;
  }

  /**
   * An fsync has failed: the kernel takes for clean what was to be written, and never will write
   * it, whatever later ones say.
   */
  void syncFailed() {
    droppedFrom = Math.min(droppedFrom, safeEndOffset());
  }

  /** Damage was found; it is not used any more, nor after a restart. */
  void damaged() {
    damaged = true;
  }

  private void incomplete() {
    incomplete = true;
    reported = false;
    recoveredBy = null;
  }

  /** The quorum has carried out that the broker gives up its rights over it. */
  void reported() {
    reported = true;
  }

  /** Whether it lacks something that it once had, and the quorum cannot know of it yet. */
  boolean isLostUnnoticed(@Nullable UUID registered) {
    if (incomplete && !reported && recoveredBy != null && recoveredBy.equals(registered)) {
      reported = true;
    }
    return incomplete && !reported;
  }

  // ---- recovery

  /**
   * What recovery by a process finds, which it has handed to the disk anew. Rot at the very end may
   * as well be a torn write: what follows would prove that it had been durable.
   */
  Verdict verdict(UUID incarnation) {
    recoveredBy = incarnation;
    RecordBatch bad = rotten;
    if (bad != null && bad == batches.getLast() && bad.baseOffset() >= startOffset) {
      truncate(bad.baseOffset(), generation);
      incomplete = true;
      suspect = true;
    } else if (reported) {
      suspect = false;
    }
    damaged |= hasRot();
    if (damaged) {
      return Verdict.DAMAGED;
    }
    safeBatches = batches.size();
    durableBatches = inMemory ? durableBatches : safeBatches;
    droppedFrom = Long.MAX_VALUE;
    return suspect ? Verdict.SUSPECT : inMemory ? Verdict.UNSYNCED : Verdict.WHOLE;
  }

  /** Whether it must not be used. */
  boolean isQuarantined() {
    return damaged;
  }

  /** What recovery hands to the replica. */
  RecoveredLog recover(long nowMs) {
    safeBatches = batches.size();
    durableBatches = inMemory ? durableBatches : safeBatches;
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

  private ByteBuffer tail(int from) {
    int size = 0;
    for (int i = from; i < batches.size(); i++) {
      size += batches.get(i).sizeInBytes();
    }
    ByteBuffer tail = ByteBuffer.allocate(size);
    for (int i = from; i < batches.size(); i++) {
      tail.put(batches.get(i).bytes());
    }
    return tail.flip();
  }

  /** Keeps what is whole; returns true if something was torn off. */
  private boolean recoverTail(ByteBuffer tail, int kept) {
    long before = endOffset();
    if (!batches.isEmpty() && (kept == 0 || batches.get(kept - 1).nextOffset() < startOffset)) {
      // A log start is durable only after what was written before it.
      startOffset = Math.min(startOffset, batches.getFirst().baseOffset());
    }
    truncate(kept == 0 ? startOffset : batches.get(kept - 1).nextOffset(), generation);
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
