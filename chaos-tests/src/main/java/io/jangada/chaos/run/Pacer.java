// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import java.util.concurrent.locks.LockSupport;

/** Spreads bytes evenly over a time: a budget that grows with the clock. For one thread. */
final class Pacer {
  private final double bytesPerNano;
  private final long startNanos = System.nanoTime();
  private long spent;

  /** Spends that many bytes over no less than that many seconds. */
  Pacer(long bytes, int seconds) {
    bytesPerNano = bytes / (seconds * 1e9);
  }

  /** Waits until the bytes spent before these are within the budget. */
  void spend(long bytes) throws InterruptedException {
    long dueNanos = startNanos + (long) (spent / bytesPerNano);
    spent += bytes;
    for (long wait = dueNanos - System.nanoTime(); wait > 0; wait = dueNanos - System.nanoTime()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(wait);
    }
  }
}
