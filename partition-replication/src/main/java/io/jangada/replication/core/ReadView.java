// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a reader has to know of a replica at one moment. Immutable, so that the owner of the
 * partition can publish it to reading threads.
 *
 * @param leading whether the replica leads
 * @param leaderEpoch the epoch in which it leads or follows
 * @param logStartOffset the first offset there is
 * @param highWatermark records below it are committed and may be read
 * @param logEndOffset the offset after the last record
 * @param highWatermarkKnown false while a new leader's high watermark may lie below one that was
 *     seen before (KIP-207)
 */
public record ReadView(
    boolean leading,
    int leaderEpoch,
    long logStartOffset,
    long highWatermark,
    long logEndOffset,
    boolean highWatermarkKnown) {
  /** The reader knows no epoch. */
  public static final int ANY_EPOCH = -1;

  /**
   * Why a fetch from the offset is refused, or null if it is served: with what lies below the high
   * watermark, or by waiting where there is nothing yet.
   *
   * @param readerEpoch the leader epoch that the reader knows, or {@link #ANY_EPOCH} (KIP-320)
   */
  public @Nullable ErrorCode refuseFetch(long offset, int readerEpoch) {
    ErrorCode refused = refuseEpoch(readerEpoch);
    if (refused != null) {
      return refused;
    }
    if (offset < logStartOffset) {
      return ErrorCode.OFFSET_OUT_OF_RANGE;
    }
    if (offset <= highWatermark) {
      return null;
    }
    if (!highWatermarkKnown) {
      return ErrorCode.OFFSET_NOT_AVAILABLE;
    }
    return offset <= logEndOffset ? null : ErrorCode.OFFSET_OUT_OF_RANGE;
  }

  /**
   * Why a fetch from a follower is refused, or null if it is served with what lies below the high
   * watermark here, which may be lower than the leader's (KIP-392). What lies above it only the
   * leader can judge.
   *
   * @param readerEpoch as in {@link #refuseFetch}
   */
  public @Nullable ErrorCode refuseFollowerFetch(long offset, int readerEpoch) {
    ErrorCode refused = refuseEpochOf(readerEpoch);
    if (refused != null) {
      return refused;
    }
    if (offset < logStartOffset) {
      return ErrorCode.OFFSET_OUT_OF_RANGE;
    }
    return offset <= highWatermark ? null : ErrorCode.OFFSET_NOT_AVAILABLE;
  }

  /** Why an answer that depends on the high watermark, as list-offsets, is refused, or null. */
  public @Nullable ErrorCode refuseListOffsets(int readerEpoch) {
    ErrorCode refused = refuseEpoch(readerEpoch);
    if (refused != null) {
      return refused;
    }
    return highWatermarkKnown ? null : ErrorCode.OFFSET_NOT_AVAILABLE;
  }

  private @Nullable ErrorCode refuseEpoch(int readerEpoch) {
    ErrorCode refused = refuseEpochOf(readerEpoch);
    if (refused != null) {
      return refused;
    }
    return leading ? null : ErrorCode.NOT_LEADER;
  }

  /**
   * Why an answer that any replica may give is refused, or null.
   *
   * @param readerEpoch as in {@link #refuseFetch}
   */
  public @Nullable ErrorCode refuseEpochOf(int readerEpoch) {
    if (readerEpoch != ANY_EPOCH && readerEpoch < leaderEpoch) {
      return ErrorCode.FENCED_LEADER_EPOCH;
    }
    if (readerEpoch > leaderEpoch) {
      return ErrorCode.UNKNOWN_LEADER_EPOCH;
    }
    return null;
  }
}
