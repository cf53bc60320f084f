// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The threads on which clients' calls are worked on, where that is more than enqueuing. What waits
 * for them is bounded by the clients' streams: each has one task at a time here.
 */
final class WorkerPool implements Executor, AutoCloseable {
  private static final int MIN_THREADS = 4;

  private final ExecutorService threads;

  private WorkerPool(ExecutorService threads) {
    this.threads = threads;
  }

  static WorkerPool start() {
    int count = Math.max(MIN_THREADS, Runtime.getRuntime().availableProcessors());
    return new WorkerPool(
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("jangada-call-", 0).factory()));
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
