// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import io.jangada.record.RecordBatch;
import io.jangada.record.RecordCursor;
import io.jangada.record.RecordFilter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a pass: what is left of the batches of some segments in a row, which are going
 * to be one. A record stays unless its key has a newer one; a tombstone stays for a while after it
 * was first seen here (KIP-534); a record without a key goes.
 *
 * <p>No offset gets lost. Batches that stay keep their first and last offset, and the last batch of
 * a producer stays though it be empty, for its sequence. What goes leaves one batch without records
 * for all offsets in a row, as long as they are of one leader epoch: so a log has no gaps, epochs
 * begin where they began, and who reads at any offset finds a batch there. Not thread-safe.
 */
public final class SegmentCompaction {
  private final KeyOffsets keys;
  private final Terms terms;
  private final LastOfProducer lastOfProducer;
  private final Consumer<RecordBatch> out;
  private final RecordFilter filter;
  private final CompactionCount count = new CompactionCount();

  /** Whether the batch at hand is one whose tombstones may go. */
  private boolean tombstonesMayGo;

  /** What is to be one batch without records with what comes. */
  private @Nullable RecordBatch vacant;

  private boolean changed;

  /**
   * By what it goes.
   *
   * @param mappedTo up to there the keys are known; what lies beyond stays as it is
   * @param deleteRetentionMs how long tombstones stay
   * @param nowMs of the wall clock
   * @param maxDecompressedBytes what the records of one batch may at most become
   */
  public record Terms(long mappedTo, long deleteRetentionMs, long nowMs, int maxDecompressedBytes) {
    long horizonMs() {
      long horizonMs = nowMs + deleteRetentionMs;
      return horizonMs < nowMs ? Long.MAX_VALUE : horizonMs;
    }
  }

  /** Knows which batch of a producer is its last. */
  @FunctionalInterface
  public interface LastOfProducer {
    /** Whether the producer's last batch ends at that offset. */
    boolean endsAt(long producerId, long lastOffset);
  }

  /**
   * Nothing is taken yet.
   *
   * @param out gets what is left, in order; it may share memory with what was taken
   */
  public SegmentCompaction(
      KeyOffsets keys, Terms terms, LastOfProducer lastOfProducer, Consumer<RecordBatch> out) {
    this.keys = keys;
    this.terms = terms;
    this.lastOfProducer = lastOfProducer;
    this.out = out;
    this.filter = new RecordFilter(terms.maxDecompressedBytes());
  }

  /** Whether the keys of the batch's records say nothing about it or about others. */
  static boolean isLeftAlone(RecordBatch batch) {
    // Of a transaction nobody can say yet whether it was aborted: then it must not hide anything.
    return batch.isControl() || batch.isTransactional();
  }

  /**
   * Takes the next batch.
   *
   * @throws io.jangada.common.JangadaException CORRUPT_MESSAGE if its records are malformed
   */
  public void take(RecordBatch batch) {
    count.read(batch);
    if (batch.isVacant()) {
      addVacant(batch, false);
      return;
    }
    RecordBatch left = batch;
    if (batch.recordCount() > 0 && !isLeftAlone(batch)) {
      tombstonesMayGo = batch.hasDeleteHorizon() && terms.nowMs() >= batch.baseTimestampMs();
      left =
          filter.filter(
              batch,
              this::keeps,
              batch.nextOffset() <= terms.mappedTo() ? terms.horizonMs() : RecordFilter.NO_HORIZON);
    }
    changed |= left != batch;
    if (left.recordCount() == 0 && !left.isControl() && !isLast(batch)) {
      addVacant(left, true);
    } else {
      flushVacant();
      write(left);
    }
  }

  private boolean isLast(RecordBatch batch) {
    return batch.producerId() != RecordBatch.NO_PRODUCER_ID
        && (batch.nextOffset() > terms.mappedTo()
            || lastOfProducer.endsAt(batch.producerId(), batch.lastOffset()));
  }

  private boolean keeps(RecordCursor record) {
    if (record.offset() >= terms.mappedTo()) {
      return true;
    }
    if (record.keyLength() == RecordCursor.NO_KEY) {
      return false;
    }
    return keys.newest(record.records(), record.keyAt(), record.keyLength()) <= record.offset()
        && !(record.isTombstone() && tombstonesMayGo);
  }

  private void addVacant(RecordBatch batch, boolean isNew) {
    changed |= isNew;
    RecordBatch before = vacant;
    boolean joins =
        before != null
            && before.partitionLeaderEpoch() == batch.partitionLeaderEpoch()
            && batch.lastOffset() - before.baseOffset() <= Integer.MAX_VALUE;
    if (before != null && joins) {
      changed = true;
      vacant =
          RecordBatch.vacant(
              before.baseOffset(),
              batch.lastOffset(),
              batch.partitionLeaderEpoch(),
              Math.max(before.maxTimestampMs(), batch.maxTimestampMs()));
      return;
    }
    flushVacant();
    vacant =
        RecordBatch.vacant(
            batch.baseOffset(),
            batch.lastOffset(),
            batch.partitionLeaderEpoch(),
            batch.maxTimestampMs());
  }

  private void flushVacant() {
    RecordBatch batch = vacant;
    vacant = null;
    if (batch != null) {
      write(batch);
    }
  }

  private void write(RecordBatch batch) {
    count.written(batch);
    out.accept(batch);
  }

  /** No more comes: what is left is out after this. */
  public void end() {
    flushVacant();
  }

  /** Whether anything is left other than it was. */
  public boolean isChanged() {
    return changed;
  }

  /** What was taken and what was left of it. */
  public CompactionCount count() {
    return count;
  }
}
