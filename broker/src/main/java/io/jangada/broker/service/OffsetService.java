// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.concurrent.CompletableFuture;

/**
 * Offsets of partitions that this broker leads. Thread-safe; never blocks. The futures complete
 * exceptionally with a {@link io.jangada.common.JangadaException} where the partition is not led
 * here, or with OFFSET_NOT_AVAILABLE while a new leader does not know its high watermark (KIP-207).
 */
public interface OffsetService {

  /** The asker knows no leader epoch. */
  int ANY_EPOCH = -1;

  /**
   * The first offset there is.
   *
   * @param leaderEpoch the epoch that the asker knows, or {@link #ANY_EPOCH} (KIP-320)
   */
  CompletableFuture<ListedOffset> beginning(PartitionRef partition, int leaderEpoch);

  /**
   * The high watermark: where a reader that wants only new records begins.
   *
   * @param leaderEpoch as in {@link #beginning}
   */
  CompletableFuture<ListedOffset> end(PartitionRef partition, int leaderEpoch);

  /**
   * The first offset that the replica here holds, whoever leads: for tools that compare replicas.
   *
   * @param leaderEpoch as in {@link #beginning}
   */
  CompletableFuture<ListedOffset> beginningHere(PartitionRef partition, int leaderEpoch);

  /**
   * Where the log of the replica here ends, whoever leads, committed or not.
   *
   * @param leaderEpoch as in {@link #beginning}
   */
  CompletableFuture<ListedOffset> endHere(PartitionRef partition, int leaderEpoch);

  /**
   * The first offset whose timestamp is at or after the given one; offset -1 if there is none.
   *
   * @param leaderEpoch as in {@link #beginning}
   */
  CompletableFuture<ListedOffset> atTimestamp(
      PartitionRef partition, long timestampMs, int leaderEpoch);

  /**
   * The first record with the largest timestamp of all (KIP-734); offset -1 if there is none.
   *
   * @param leaderEpoch as in {@link #beginning}
   */
  CompletableFuture<ListedOffset> newest(PartitionRef partition, int leaderEpoch);

  /**
   * Where the largest leader epoch that is not above the given one ends (KIP-101, KIP-320). Of an
   * epoch above the present one nothing is known.
   *
   * @param leaderEpoch as in {@link #beginning}
   */
  CompletableFuture<EpochEnd> endOfEpoch(PartitionRef partition, int leaderEpoch, int epoch);

  /**
   * The end of a leader epoch.
   *
   * @param leaderEpoch which, or -1 if nothing is known
   * @param endOffset where the next one begins, or the log ends; -1 if nothing is known
   */
  record EpochEnd(int leaderEpoch, long endOffset) {
    /** Nothing is known of that epoch. */
    public static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);
  }

  /**
   * An offset.
   *
   * @param timestampMs of the record at the offset, or -1
   */
  record ListedOffset(long offset, long timestampMs, int leaderEpoch) {}
}
