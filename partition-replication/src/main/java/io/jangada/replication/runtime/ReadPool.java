// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that wait for the disk so that no other has to. Thread-safe. */
final class ReadPool implements AutoCloseable {
  private static final long KEEP_ALIVE_SECONDS = 30;

  private final ThreadPoolExecutor threads;

  /**
   * A pool whose threads start when there is work.
   *
   * @param maxQueued tasks that may wait for a thread
   */
  ReadPool(String name, int size, int maxQueued) {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(maxQueued),
            task -> {
              Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Has the task run.
   *
   * @throws JangadaException {@code OVERLOADED} if too many wait, or after the closing
   */
  void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      throw new JangadaException(
          ErrorCode.OVERLOADED,
          "expected room for another read, but " + threads.getQueue().size() + " wait",
          "read less at once, or try again later",
          true,
          e);
    }
  }

  /** Waits for what runs; nobody is interrupted, because that would close files. */
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
