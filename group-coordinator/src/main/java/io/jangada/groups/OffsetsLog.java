// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * The partitions of {@code __consumer_offsets} that are on this broker, each in the leader epoch
 * that the coordinator was elected in: in another one everything is refused, so that what was
 * written, and what counts as committed, is always of one history. Thread-safe. Failures are {@link
 * io.jangada.common.JangadaException}s.
 */
public interface OffsetsLog {

  /**
   * The replica at this moment; empty if there is none here.
   *
   * @param partition of the offsets topic
   */
  Optional<View> view(int partition);

  /**
   * Appends one batch. It counts only when the high watermark has passed it ({@link #follow}).
   * Blocks until the partition's thread has taken it, which is a moment: never called by such a
   * thread.
   *
   * @param batch one record batch; its memory belongs to the log from here on
   * @return the offset after it
   * @throws io.jangada.common.JangadaException NOT_LEADER or FENCED_LEADER_EPOCH,
   *     NOT_ENOUGH_REPLICAS, OVERLOADED, MESSAGE_TOO_LARGE and others: nothing was appended if it
   *     is definite
   */
  long append(int partition, int leaderEpoch, ByteBuffer batch);

  /** The largest batch that {@link #append} takes. */
  int maxBatchBytes();

  /** Reads whole batches below the high watermark. */
  CompletableFuture<Read> read(int partition, int leaderEpoch, long offset, int maxBytes);

  /**
   * Tells each advance of the high watermark above the offset, until it is closed or the epoch has
   * ended.
   *
   * @param advanced given the high watermark, on the partition's thread: has to return at once
   */
  Watch follow(int partition, int leaderEpoch, long offset, LongConsumer advanced);

  /**
   * A replica at one moment.
   *
   * @param leading whether it leads
   * @param leaderEpoch in which it leads or follows
   * @param logStartOffset the first there is
   * @param highWatermark what is below it is committed
   * @param logEndOffset after the last
   */
  record View(
      boolean leading,
      int leaderEpoch,
      long logStartOffset,
      long highWatermark,
      long logEndOffset) {}

  /**
   * What was read.
   *
   * @param batches to be read only; empty at the high watermark
   * @param nextOffset where to go on
   */
  record Read(List<ByteBuffer> batches, long nextOffset, long highWatermark) {}

  /** Ends the telling; may be closed more than once. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
