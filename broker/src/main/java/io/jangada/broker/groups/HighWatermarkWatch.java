// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.common.JangadaException;
import io.jangada.groups.OffsetsLog;
import io.jangada.replication.core.ReadView;
import io.jangada.replication.runtime.ParkedReader;
import io.jangada.replication.runtime.PartitionHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the high watermark of one replica as long as it leads in one epoch. In a later epoch the
 * same offsets may hold other records, so that nothing is told any more, even if this broker leads
 * again. Thread-safe.
 */
final class HighWatermarkWatch implements OffsetsLog.Watch {
  /** Where too many readers are parked; commits wait so long then. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

  private final PartitionHandle handle;
  private final int leaderEpoch;
  private final LongConsumer advanced;
  private long told;
  private @Nullable ParkedReader parked;
  private int parkings;
  private boolean closed;

  private HighWatermarkWatch(
      PartitionHandle handle, int leaderEpoch, long offset, LongConsumer advanced) {
    this.handle = handle;
    this.leaderEpoch = leaderEpoch;
    this.told = offset;
    this.advanced = advanced;
  }

  static HighWatermarkWatch start(
      PartitionHandle handle, int leaderEpoch, long offset, LongConsumer advanced) {
    HighWatermarkWatch watch = new HighWatermarkWatch(handle, leaderEpoch, offset, advanced);
    watch.park();
    return watch;
  }

  private synchronized void park() {
    if (closed) {
      return;
    }
    int mine = ++parkings;
    try {
      ParkedReader reader = handle.awaitAdvance(told, this::woken);
      if (mine == parkings) {
        // Else it was woken at once, and what was parked then counts.
        parked = reader;
      }
    } catch (JangadaException overloaded) {
      LATER.execute(this::woken);
    }
  }

  private synchronized void woken() {
    ReadView view = handle.status().view();
    if (closed || !view.leading() || view.leaderEpoch() != leaderEpoch) {
      return;
    }
    if (view.highWatermark() > told) {
      told = view.highWatermark();
      advanced.accept(told);
    }
    park();
  }

  @Override
  public synchronized void close() {
    closed = true;
    unpark();
  }

  private void unpark() {
    if (parked != null) {
      parked.close();
    }
  }
}
