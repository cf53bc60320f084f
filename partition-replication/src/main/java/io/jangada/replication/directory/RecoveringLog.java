// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.ProducerStates;
import io.jangada.replication.core.RecoveredLog;
import io.jangada.replication.log.CorruptLogException;
import io.jangada.replication.log.Durability;
import io.jangada.replication.log.LogCheckpoint;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.LogRecovery;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.ReachedState;
import io.jangada.replication.log.WriteAhead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One log during recovery. First it is shown the journal to learn from where on the entries matter
 * ({@code look…}): what comes before the lowest truncation or the last reset is void, and so are
 * the segments beyond it, which may have been cut or not. Then its files are brought into that
 * state, and the entries are replayed ({@code replay…}).
 */
final class RecoveringLog implements WriteAhead {
  private enum Base {
    /** The checkpoint; it may have to be cut to {@link #baseOffset}. */
    CHECKPOINT,
    /** Empty at {@link #baseOffset}. */
    EMPTY,
    /** Whatever is sound in the files. */
    FILES
  }

  /** Of which the journal does not say yet whether it counts. */
  private record Cut(long offset, boolean isReset) {}

  private final TopicIdPartition partition;
  private final LogCheckpoint checkpoint;
  private String topic;
  private Base base;
  private long baseOffset;

  /** Entries up to it are contained in the base. */
  private long baseNumber;

  /** The entry that says that it was created, if the base is that; otherwise never one. */
  private long createdNumber = PartitionLog.NONE;

  private long logStartOffset;
  private boolean known;
  private boolean gone;
  private boolean replayed;
  private boolean keepsFiles;
  private @Nullable Cut cut;
  private String damage = "";
  private String doubt = "";
  private @Nullable PartitionLog log;
  private ProducerStates producers = new ProducerStates();
  private @Nullable ReachedState reached;
  private long number;
  private int generation;

  private RecoveringLog(
      TopicIdPartition partition, String topic, LogCheckpoint checkpoint, Base base) {
    this.partition = partition;
    this.topic = topic;
    this.checkpoint = checkpoint;
    this.base = base;
    this.baseOffset = wasInMemory() ? Long.MAX_VALUE : checkpoint.endOffset();
    this.baseNumber = checkpoint.number();
    this.logStartOffset = checkpoint.logStartOffset();
    this.known = base == Base.CHECKPOINT;
  }

  /** A log that the manifest knows. */
  static RecoveringLog of(TopicIdPartition partition, String topic, LogCheckpoint checkpoint) {
    return new RecoveringLog(partition, topic, checkpoint, Base.CHECKPOINT);
  }

  /**
   * A log of which only the files, or entries of the journal, are known.
   *
   * @param keepsFiles because the manifest, which would say what in them counts, is lost: the log
   *     may have been durable in memory, and then the journal does not have what is in the files
   */
  static RecoveringLog unknown(TopicIdPartition partition, String topic, boolean keepsFiles) {
    RecoveringLog log =
        new RecoveringLog(partition, topic, LogCheckpoint.empty(Durability.FSYNC), Base.FILES);
    log.keepsFiles = keepsFiles;
    return log;
  }

  TopicIdPartition partition() {
    return partition;
  }

  String topic() {
    return topic;
  }

  /** It was removed, and not created again. */
  boolean isGone() {
    return gone;
  }

  String damage() {
    return damage;
  }

  void damaged(String reason) {
    damage = reason;
  }

  /**
   * Whether the files have what the journal has not, and a power failure may have taken some of it.
   */
  private boolean wasInMemory() {
    return checkpoint.durability() == Durability.MEMORY;
  }

  /**
   * Whether everything that was ever called durable was synced, so that no power failure took it.
   */
  boolean isSynced() {
    return !wasInMemory();
  }

  /** Why it may have had more than it has; empty if there is no doubt. */
  String doubt() {
    return doubt;
  }

  /** Whether it had to be put together from its files. */
  boolean isRebuilt() {
    return base == Base.FILES;
  }

  /** Whether its state is another than its checkpoint's. */
  boolean isChanged() {
    return replayed
        || base != Base.CHECKPOINT
        || baseNumber != checkpoint.number()
        || logStartOffset != checkpoint.logStartOffset()
        || (log != null && log.logEndOffset() != checkpoint.endOffset());
  }

  // ---- the first look

  void lookCreated(long at, String name) {
    if (at > baseNumber) {
      topic = name;
      known = true;
      gone = false;
      if (!keepsFiles) {
        baseEmpty(at, 0);
        createdNumber = at;
      }
    }
  }

  void lookRemoved(long at) {
    if (at > baseNumber) {
      gone = true;
      keepsFiles = false;
      baseEmpty(at, 0);
    }
  }

  void lookReset(long at, long offset) {
    if (at > baseNumber && !keepsFiles) {
      baseEmpty(at, offset);
    }
  }

  private void baseEmpty(long at, long offset) {
    base = Base.EMPTY;
    baseOffset = offset;
    baseNumber = at;
    logStartOffset = offset;
  }

  void lookTruncated(long at, long toOffset) {
    if (at > baseNumber && base == Base.CHECKPOINT && toOffset <= baseOffset) {
      baseOffset = toOffset;
      baseNumber = at;
    }
  }

  void lookLogStart(long at, long offset) {
    if (at > baseNumber) {
      logStartOffset = Math.max(logStartOffset, offset);
    }
  }

  /** Whether entries were seen of a log that nobody says was created. */
  boolean isStray(boolean hasFiles) {
    return !known && !gone && !hasFiles;
  }

  // ---- the files

  /** Brings the files into the state from which the entries are replayed. Blocks. */
  void open(LogRecovery recovery, long nowMs) throws IOException {
    try {
      if (base == Base.CHECKPOINT) {
        producers = ProducerSnapshot.decode(checkpoint.producers(), nowMs);
        producers.truncateFrom(baseOffset);
      }
      Consumer<RecordBatch> found = batch -> producers.appended(batch, 0, nowMs);
      log =
          switch (base) {
            case EMPTY -> recovery.restoreEmpty(checkpoint, baseOffset);
            case CHECKPOINT -> recovery.restore(checkpoint, baseOffset, logStartOffset, found);
            case FILES -> recovery.rebuild(found);
          };
      doubt = recovery.doubt();
      if (base == Base.EMPTY && baseNumber == createdNumber) {
        log.noted(() -> createdNumber);
      }
    } catch (CorruptLogException e) {
      damage = String.valueOf(e.getMessage());
    }
  }

  // ---- the replay

  private @Nullable PartitionLog logAt(long at) {
    if (at <= baseNumber || gone || !damage.isEmpty() || log == null) {
      return null;
    }
    number = at;
    return log;
  }

  void replayBatches(long at, ByteBuffer raw, long nowMs) {
    PartitionLog target = logAt(at);
    if (target == null) {
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(raw.remaining()).put(raw).flip();
    doCut(target, RecordBatch.at(copy.duplicate()).baseOffset());
    List<RecordBatch> batches = new ArrayList<>();
    long end = target.logEndOffset();
    while (copy.hasRemaining()) {
      RecordBatch batch = RecordBatch.at(copy.slice());
      copy.position(copy.position() + batch.sizeInBytes());
      boolean fits =
          batch.baseOffset() == end && batch.partitionLeaderEpoch() >= target.epochs().lastEpoch();
      if (fits) {
        batches.add(batch);
        end = batch.nextOffset();
      } else if (base != Base.FILES && !wasInMemory()) {
        damage =
            "expected the journal to go on at offset "
                + end
                + ", but its entry "
                + at
                + " has "
                + batch;
        return;
      }
    }
    if (!batches.isEmpty()) {
      target.append(batches);
      batches.forEach(batch -> producers.appended(batch, 0, nowMs));
      replayedTo(target);
    }
  }

  void replayTruncated(long at, long toOffset) {
    PartitionLog target = logAt(at);
    if (target != null && keepsFiles) {
      cut = new Cut(toOffset, false);
    } else if (target != null) {
      truncate(target, toOffset);
    }
  }

  /**
   * Does the last cut that was put off, if the journal goes on from there: then the log was not
   * durable in memory, and what is in the files beyond may be what was cut.
   */
  private void doCut(PartitionLog target, long nextOffset) {
    Cut last = cut;
    cut = null;
    if (last != null && last.offset() == nextOffset) {
      if (last.isReset()) {
        reset(target, last.offset());
      } else {
        truncate(target, last.offset());
      }
    }
  }

  private void truncate(PartitionLog target, long toOffset) {
    if (toOffset < target.logEndOffset()) {
      generation++;
      producers.truncateFrom(toOffset);
      target.truncate(toOffset, generation, ByteBuffer.allocate(0));
      replayedTo(target);
    }
  }

  void replayReset(long at, long offset) {
    PartitionLog target = logAt(at);
    if (target != null && keepsFiles) {
      cut = new Cut(offset, true);
    } else if (target != null) {
      reset(target, offset);
    }
  }

  private void reset(PartitionLog target, long offset) {
    generation++;
    target.reset(offset, generation);
    producers.clear();
    replayedTo(target);
  }

  void replayLogStart(long at, long offset) {
    PartitionLog target = logAt(at);
    if (target != null) {
      target.advanceLogStart(offset);
      replayedTo(target);
    }
  }

  private void replayedTo(PartitionLog target) {
    replayed = true;
    target.journaled(number, new LogEnd(target.logEndOffset(), generation));
  }

  // ---- the end

  /**
   * Whether its state may be left to the journal as before the crash: nothing was done to it since
   * its checkpoint, or since it was created, but that batches were appended.
   */
  boolean staysInJournal() {
    boolean isCreated = base == Base.EMPTY && baseNumber == createdNumber;
    boolean isAsCheckpointed = base == Base.CHECKPOINT && baseNumber == checkpoint.number();
    return log != null
        && (isCreated || isAsCheckpointed)
        && generation == 0
        && !wasInMemory()
        && !keepsFiles
        && logStartOffset == (isCreated ? baseOffset : checkpoint.logStartOffset())
        && log.logStartOffset() == logStartOffset
        && log.progress().neededNumber() != PartitionLog.NONE;
  }

  /** Marks the state that was recovered as that after the journal's last entry. */
  void finish(long highestNumber) {
    PartitionLog target = log;
    if (target == null) {
      return;
    }
    number = highestNumber;
    if (logStartOffset > target.logStartOffset()) {
      target.advanceLogStart(logStartOffset);
    }
    target.noted(() -> highestNumber);
    target.journaled(highestNumber, new LogEnd(target.logEndOffset(), generation));
    target.mark(ProducerSnapshot.encode(producers));
  }

  /** The files are in the state that was marked. */
  void reached(ReachedState newState) {
    reached = newState;
  }

  /** The manifest is written: from now on what is done to the log goes there. */
  PartitionLog goLive(PartitionLog recovered, WriteAhead journal) {
    if (reached != null) {
      recovered.checkpointed(reached);
    }
    recovered.goLive(journal);
    return recovered;
  }

  @Nullable PartitionLog log() {
    return log;
  }

  /** What the replica begins with. */
  static RecoveredLog state(PartitionLog log, ProducerStates producers) {
    return new RecoveredLog(
        log.logStartOffset(),
        log.logEndOffset(),
        log.logEndOffset(),
        log.highWatermark(),
        log.epochs(),
        producers);
  }

  ProducerStates producers() {
    return producers;
  }

  // ---- the journal as the log sees it: everything is in it already

  @Override
  public long batches(List<RecordBatch> batches, LogEnd endAfter) {
    return number;
  }

  @Override
  public long truncated(long toOffset, LogEnd endAfter) {
    return number;
  }

  @Override
  public long reset(long toOffset, LogEnd endAfter) {
    return number;
  }

  @Override
  public long logStart(long offset, LogEnd endAfter) {
    return number;
  }
}
