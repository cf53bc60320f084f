// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.record.RecordBatch;

/** What the roles of one replica share: the log as the core sees it. Not thread-safe. */
final class ReplicaLog {
  /** Below every offset: not even that the log is empty is durable. */
  static final long NOTHING_DURABLE = -1;

  private final LeaderEpochHistory epochs;
  private final ProducerStates producers;
  private long logStartOffset;
  private long logEndOffset;
  private long durableLogEndOffset;
  private long highWatermark;
  private int generation;

  ReplicaLog(RecoveredLog recovered) {
    epochs = recovered.epochs();
    producers = recovered.producers();
    logStartOffset = recovered.logStartOffset();
    logEndOffset = recovered.logEndOffset();
    durableLogEndOffset = Math.min(recovered.durableLogEndOffset(), logEndOffset);
    highWatermark = Math.clamp(recovered.highWatermark(), logStartOffset, logEndOffset);
  }

  LeaderEpochHistory epochs() {
    return epochs;
  }

  ProducerStates producers() {
    return producers;
  }

  long logStartOffset() {
    return logStartOffset;
  }

  long logEndOffset() {
    return logEndOffset;
  }

  /** Up to where the log is durable; {@link #NOTHING_DURABLE} after a reset that is not yet. */
  long durableLogEndOffset() {
    return durableLogEndOffset;
  }

  long highWatermark() {
    return highWatermark;
  }

  /** Rises with each truncation, so that what was synced before it does not count after it. */
  int generation() {
    return generation;
  }

  /** Takes a batch whose offset and epoch are assigned. */
  void append(RecordBatch batch, long nowMs) {
    epochs.append(batch.partitionLeaderEpoch(), batch.baseOffset());
    producers.appended(batch, highWatermark, nowMs);
    logEndOffset = batch.nextOffset();
  }

  /** Returns true if more is durable than before. */
  boolean durable(long endOffset, int ofGeneration) {
    long durable = Math.min(endOffset, logEndOffset);
    if (ofGeneration != generation || durable <= durableLogEndOffset) {
      return false;
    }
    durableLogEndOffset = durable;
    return true;
  }

  /** Returns true if the high watermark rises; it never falls, except under a truncation. */
  boolean advanceHighWatermark(long to) {
    long capped = Math.min(to, logEndOffset);
    if (capped <= highWatermark) {
      return false;
    }
    highWatermark = capped;
    return true;
  }

  void truncate(long toOffset) {
    generation++;
    logEndOffset = toOffset;
    durableLogEndOffset = Math.min(durableLogEndOffset, toOffset);
    highWatermark = Math.min(highWatermark, toOffset);
    epochs.truncateFrom(toOffset);
    producers.truncateFrom(toOffset);
  }

  void reset(long toOffset) {
    generation++;
    logStartOffset = toOffset;
    logEndOffset = toOffset;
    durableLogEndOffset = NOTHING_DURABLE;
    highWatermark = toOffset;
    epochs.clear();
    producers.clear();
  }

  /** Returns true if the log start rises. */
  boolean advanceLogStart(long to) {
    if (to <= logStartOffset || to > highWatermark) {
      return false;
    }
    logStartOffset = to;
    epochs.truncateBefore(to);
    return true;
  }
}
