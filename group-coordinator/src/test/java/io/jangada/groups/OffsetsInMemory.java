// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/**
 * The one partition of the offsets, in memory, led in epoch 1 at first: what is appended is
 * committed at once.
 */
final class OffsetsInMemory implements OffsetsLog {
  static final int EPOCH = 1;

  private static final int MAX_BATCH_BYTES = 1 << 20;

  private final List<ByteBuffer> batches = new ArrayList<>();
  private final List<LongConsumer> followers = new CopyOnWriteArrayList<>();
  private long end;
  private int epoch = EPOCH;

  /** The epoch in which it is led from now on. */
  synchronized void lead(int leaderEpoch) {
    epoch = leaderEpoch;
  }

  @Override
  public synchronized Optional<View> view(int partition) {
    return Optional.of(new View(true, epoch, 0, end, end));
  }

  @Override
  public long append(int partition, int leaderEpoch, ByteBuffer batch) {
    long now;
    synchronized (this) {
      RecordBatch records = RecordBatch.at(batch);
      batch.putLong(0, end);
      end += records.lastOffsetDelta() + 1;
      batches.add(batch);
      now = end;
    }
    followers.forEach(follower -> follower.accept(now));
    return now;
  }

  @Override
  public int maxBatchBytes() {
    return MAX_BATCH_BYTES;
  }

  @Override
  public synchronized CompletableFuture<Read> read(
      int partition, int leaderEpoch, long offset, int maxBytes) {
    return CompletableFuture.completedFuture(
        new Read(batches.stream().filter(batch -> batch.getLong(0) >= offset).toList(), end, end));
  }

  @Override
  public Watch follow(int partition, int leaderEpoch, long offset, LongConsumer advanced) {
    followers.add(advanced);
    return () -> followers.remove(advanced);
  }
}
