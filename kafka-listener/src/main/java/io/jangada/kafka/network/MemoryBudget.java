// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bytes that all connections together may hold. Who does not get any is called when there is room,
 * in the order of asking. Thread-safe.
 */
public final class MemoryBudget {
  private final long maxBytes;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private long usedBytes;

  /** Of so many bytes. */
  public MemoryBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes bytes if there are any left: then it may be more than there are, so that nobody waits for
   * more than there can be.
   *
   * @param whenRoom called once, on any thread, when it is worth trying again; only if the answer
   *     is false
   * @return whether they were taken; then they are to be released
   */
  public synchronized boolean take(long bytes, Runnable whenRoom) {
    if (usedBytes > 0 && usedBytes + bytes > maxBytes) {
      waiting.add(whenRoom);
      return false;
    }
    usedBytes += bytes;
    return true;
  }

  /** As {@link #take}, for who has some already and so must not wait for others. */
  public synchronized boolean takeMore(long bytes) {
    if (usedBytes + bytes > maxBytes) {
      return false;
    }
    usedBytes += bytes;
    return true;
  }

  /** Takes bytes in any case: for what cannot wait and is small. */
  public synchronized void force(long bytes) {
    usedBytes += bytes;
  }

  /** Gives bytes back. */
  public void release(long bytes) {
    Deque<Runnable> woken = new ArrayDeque<>();
    synchronized (this) {
      usedBytes -= bytes;
      if (usedBytes < maxBytes) {
        // All try again: they may want less than who is first.
        woken.addAll(waiting);
        waiting.clear();
      }
    }
    woken.forEach(Runnable::run);
  }

  /** Bytes that are taken. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** How many wait. */
  public synchronized int waiting() {
    return waiting.size();
  }
}
