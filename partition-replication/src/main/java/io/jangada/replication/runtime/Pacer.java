// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.log.LogCompaction;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps one thread's reading and writing within a rate: by waiting before, so that what others do
 * with the disk meanwhile does not stand behind a burst. Used by that thread.
 */
final class Pacer implements LogCompaction.Pace {
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So much may be made up for after a pause. */
  private static final long MAX_CREDIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final long bytesPerSecond;
  private final BooleanSupplier stopped;
  private final Runnable working;
  private long freeAtNanos = System.nanoTime();

  /**
   * A pace.
   *
   * @param stopped whether to go on no more
   * @param working told each time
   */
  Pacer(long bytesPerSecond, BooleanSupplier stopped, Runnable working) {
    this.bytesPerSecond = bytesPerSecond;
    this.stopped = stopped;
    this.working = working;
  }

  @Override
  public void before(int bytes) throws ClosedChannelException {
    working.run();
    freeAtNanos = Math.max(freeAtNanos, System.nanoTime() - MAX_CREDIT_NANOS);
    long waitNanos = freeAtNanos - System.nanoTime();
    while (waitNanos > 0 && !stopped.getAsBoolean()) {
      LockSupport.parkNanos(this, waitNanos);
      waitNanos = freeAtNanos - System.nanoTime();
    }
    if (stopped.getAsBoolean()) {
      throw new ClosedChannelException();
    }
    freeAtNanos += (long) ((double) bytes / bytesPerSecond * NANOS);
  }
}
