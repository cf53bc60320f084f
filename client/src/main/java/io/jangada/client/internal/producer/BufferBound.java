// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the bytes that are waiting or in flight, and lets callers wait for room. Without waiting
 * it costs one atomic operation. Thread-safe.
 */
final class BufferBound {
  private final AtomicLong free;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private volatile boolean closed;

  BufferBound(long bytes) {
    this.free = new AtomicLong(bytes);
  }

  /** Takes bytes if they are free now. */
  boolean tryAcquire(long bytes) {
    long now = free.get();
    while (now >= bytes && !closed) {
      if (free.compareAndSet(now, now - bytes)) {
        return true;
      }
      now = free.get();
    }
    return false;
  }

  /**
   * Takes bytes, waiting for them.
   *
   * @return false if they were not free in time, or the bound was closed
   */
  boolean acquire(long bytes, long timeoutNanos) throws InterruptedException {
    long left = timeoutNanos;
    lock.lockInterruptibly();
    waiting.incrementAndGet();
    try {
      // Counted as waiting before looking: who releases afterwards sees that and signals.
      while (!tryAcquire(bytes)) {
        if (left <= 0 || closed) {
          return false;
        }
        left = freed.awaitNanos(left);
      }
      return true;
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /** Whether somebody waits for room: then batches go out before they are full. */
  boolean contended() {
    return waiting.get() > 0;
  }

  void release(long bytes) {
    free.addAndGet(bytes);
    signalWaiting();
  }

  /** Sends all who wait away. */
  void close() {
    closed = true;
    signalWaiting();
  }

  long freeBytes() {
    return free.get();
  }

  private void signalWaiting() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        freed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
