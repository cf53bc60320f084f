// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.record.RecordBatch;
import java.util.Iterator;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * What a log remembers of its idempotent producers (KIP-98): the last batches of each, so that a
 * batch sent again is answered with its first offset, and one that leaves a gap is refused. It is a
 * function of the log: followers and recovery feed it the same batches, and truncation takes them
 * out again. Not thread-safe.
 */
public final class ProducerStates {
  private final Long2ObjectHashMap<ProducerHistory> producers = new Long2ObjectHashMap<>();

  /** What {@link #check} says of a batch that is new. */
  public static final long NEW = -1;

  /** What {@link #check} says of a batch that does not follow the producer's last one. */
  public static final long OUT_OF_ORDER = -2;

  /** What {@link #check} says of a batch of an older incarnation of the producer. */
  public static final long STALE_EPOCH = -3;

  /**
   * What {@link #check} says of a batch older than what is remembered: it was in the log before.
   */
  public static final long FORGOTTEN_DUPLICATE = -4;

  /** The number of producers remembered. */
  public int size() {
    return producers.size();
  }

  /** Whether anything is remembered of the producer. */
  public boolean knows(long producerId) {
    return producers.containsKey(producerId);
  }

  /**
   * Whether the batch may be appended: {@link #NEW}, {@link #OUT_OF_ORDER}, {@link #STALE_EPOCH},
   * {@link #FORGOTTEN_DUPLICATE}, or, if it was appended before, the offset of its first record
   * then. A producer of which nothing is known may begin with any sequence; a new producer epoch
   * begins at 0.
   */
  public long check(RecordBatch batch) {
    long producerId = batch.producerId();
    if (producerId == RecordBatch.NO_PRODUCER_ID) {
      return NEW;
    }
    ProducerHistory history = producers.get(producerId);
    return history == null
        ? NEW
        : history.check(batch.producerEpoch(), batch.baseSequence(), batch.lastSequence());
  }

  /**
   * The largest timestamp of the batch that this one repeats, as it was appended; -1 if that is not
   * known, as after a start.
   */
  public long timestampOf(RecordBatch batch) {
    ProducerHistory history = producers.get(batch.producerId());
    return history == null
        ? RecordBatch.NO_TIMESTAMP
        : history.timestampMs(batch.producerEpoch(), batch.baseSequence(), batch.lastSequence());
  }

  /**
   * Remembers a batch that is in the log, offsets assigned.
   *
   * @param highWatermark batches below it cannot be truncated away
   * @param nowMs for {@link #expire}
   */
  public void appended(RecordBatch batch, long highWatermark, long nowMs) {
    if (batch.producerId() == RecordBatch.NO_PRODUCER_ID || batch.isControl()) {
      return;
    }
    ProducerHistory history = history(batch.producerId());
    history.add(
        batch.producerEpoch(),
        batch.baseSequence(),
        batch.lastSequence(),
        batch.baseOffset(),
        batch.lastOffset(),
        batch.maxTimestampMs());
    history.trim(highWatermark);
    history.lastUsedMs = nowMs;
  }

  /** As {@link #appended}, from the fields of a snapshot. */
  public void restore(
      long producerId,
      short producerEpoch,
      int baseSequence,
      int lastSequence,
      long baseOffset,
      long lastOffset,
      long highWatermark,
      long nowMs) {
    ProducerHistory history = history(producerId);
    history.add(
        producerEpoch,
        baseSequence,
        lastSequence,
        baseOffset,
        lastOffset,
        RecordBatch.NO_TIMESTAMP);
    history.trim(highWatermark);
    history.lastUsedMs = nowMs;
  }

  private ProducerHistory history(long producerId) {
    ProducerHistory history = producers.get(producerId);
    if (history == null) {
      history = new ProducerHistory();
      producers.put(producerId, history);
    }
    return history;
  }

  /** Forgets the batches that reach the offset or lie beyond it. */
  public void truncateFrom(long offset) {
    Iterator<ProducerHistory> all = producers.values().iterator();
    while (all.hasNext()) {
      ProducerHistory history = all.next();
      history.truncateFrom(offset);
      if (history.size() == 0) {
        all.remove();
      }
    }
  }

  /** Forgets producers that have not written since. */
  public void expire(long lastUsedBeforeMs) {
    producers.values().removeIf(history -> history.lastUsedMs < lastUsedBeforeMs);
  }

  /** Forgets everything. */
  public void clear() {
    producers.clear();
  }

  /** Shows every remembered batch, each producer's oldest first: what a snapshot holds. */
  public void forEach(BatchVisitor visitor) {
    producers.forEachLong((producerId, history) -> history.forEach(producerId, visitor));
  }

  /** Shows every producer with its last batch. */
  public void forEachProducer(ProducerVisitor visitor) {
    producers.forEachLong(
        (producerId, history) ->
            visitor.producer(
                producerId,
                history.lastEpoch(),
                history.lastSequence(),
                history.lastTimestampMs()));
  }

  /** Shows every producer with the end of its last batch below the offset, if any is remembered. */
  public void forEachLastBelow(long offset, LastVisitor visitor) {
    producers.forEachLong(
        (producerId, history) -> {
          long last = history.lastOffsetBelow(offset);
          if (last != ProducerHistory.NO_OFFSET) {
            visitor.last(producerId, last);
          }
        });
  }

  /** Sees where a producer's last batch ends. */
  @FunctionalInterface
  public interface LastVisitor {
    /** Called once for each producer. */
    void last(long producerId, long lastOffset);
  }

  /** Sees one producer. */
  @FunctionalInterface
  public interface ProducerVisitor {
    /** Called once for each producer; the largest timestamp of its last batch, -1 = unknown. */
    void producer(long producerId, short lastEpoch, int lastSequence, long lastTimestampMs);
  }

  /** Sees one remembered batch; the fields of {@link #restore}. */
  @FunctionalInterface
  public interface BatchVisitor {
    /** Called once for each batch. */
    void batch(
        long producerId,
        short producerEpoch,
        int baseSequence,
        int lastSequence,
        long baseOffset,
        long lastOffset);
  }
}
