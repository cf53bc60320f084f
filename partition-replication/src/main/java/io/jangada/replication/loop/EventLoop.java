// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.loop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One thread with a mailbox. It takes what has come in a gulp, then runs what was put off to the
 * end of the gulp ({@link #afterDrain}): work for many requests is done once there. Tasks must not
 * block. One that throws is a defect: whoever wired the loop is told, and decides whether the
 * process may go on; the loop itself does. What can end by itself has a {@link GuardedLoop}.
 */
public final class EventLoop implements Executor, AutoCloseable {
  private static final int GULP_TASKS = 256;
  private static final long MAX_PARK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int maxOffered;
  private final Consumer<Throwable> onDefect;
  private final AtomicInteger offeredCount = new AtomicInteger();
  private final AtomicInteger executedCount = new AtomicInteger();

  // The JDK's: Agrona's queues would need a package of the JDK's internals opened.
  private final Queue<Runnable> offered = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> executed = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(timer -> timer.dueNanos));
  private final Thread thread;
  private List<Runnable> afterDrain = new ArrayList<>();
  private List<Runnable> draining = new ArrayList<>();
  private final AtomicBoolean parked = new AtomicBoolean();
  private volatile boolean closing;

  private record Timer(long dueNanos, Runnable task) {}

  /**
   * A loop that is to be started.
   *
   * @param name of the thread
   * @param maxOffered tasks of clients that may wait
   * @param onDefect told of what a task has thrown; on the loop, must not throw
   */
  public EventLoop(String name, int maxOffered, Consumer<Throwable> onDefect) {
    this.maxOffered = maxOffered;
    this.onDefect = onDefect;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Has the task run if fewer than the maximum wait; false if it is refused. Any thread. */
  public boolean offer(Runnable task) {
    if (closing) {
      return false;
    }
    if (offeredCount.incrementAndGet() > maxOffered) {
      offeredCount.decrementAndGet();
      return false;
    }
    offered.add(task);
    wake();
    return true;
  }

  /**
   * Has the task run, however many wait: for what is bounded elsewhere (by credits, by the number
   * of partitions, by what was offered before). Any thread. In the order of the calls of one
   * thread.
   */
  @Override
  public void execute(Runnable task) {
    executedCount.incrementAndGet();
    executed.add(task);
    wake();
  }

  /** Has the task run once the tasks that wait now are done. Loop only. */
  public void afterDrain(Runnable task) {
    afterDrain.add(task);
  }

  /** Has the task run later. Loop only, or before the start. */
  public void schedule(long delayNanos, Runnable task) {
    timers.add(new Timer(System.nanoTime() + delayNanos, task));
  }

  /** Tasks that wait. Any thread. */
  public int depth() {
    return offeredCount.get() + executedCount.get();
  }

  /** Whether the caller runs on the loop's thread. */
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** Runs what has come before, and ends the thread. Waits for it. Not from the loop itself. */
  @Override
  public void close() {
    closing = true;
    wake();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    // Only the first of those that find it parked pays for the wake-up.
    if (parked.get() && parked.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (true) {
      boolean busy = gulp();
      runAfterDrain();
      if (busy) {
        continue;
      }
      if (closing) {
        return;
      }
      park();
    }
  }

  private boolean gulp() {
    boolean busy = runDueTimers();
    for (int i = 0; i < GULP_TASKS; i++) {
      Runnable internal = executed.poll();
      Runnable client = offered.poll();
      if (internal == null && client == null) {
        break;
      }
      if (internal != null) {
        executedCount.decrementAndGet();
        run(internal);
      }
      if (client != null) {
        offeredCount.decrementAndGet();
        run(client);
      }
      busy = true;
    }
    return busy;
  }

  private boolean runDueTimers() {
    boolean any = false;
    long nowNanos = System.nanoTime();
    Timer next = timers.peek();
    while (next != null && next.dueNanos - nowNanos <= 0) {
      timers.poll();
      run(next.task);
      any = true;
      next = timers.peek();
    }
    return any;
  }

  private void runAfterDrain() {
    while (!afterDrain.isEmpty()) {
      List<Runnable> tasks = afterDrain;
      afterDrain = draining;
      draining = tasks;
      for (int i = 0; i < tasks.size(); i++) {
        run(tasks.get(i));
      }
      tasks.clear();
    }
  }

  private void park() {
    parked.set(true);
    Timer next = timers.peek();
    long nanos = next == null ? MAX_PARK_NANOS : next.dueNanos - System.nanoTime();
    if (offered.isEmpty() && executed.isEmpty() && !closing && nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    parked.set(false);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      onDefect.accept(e);
    }
  }
}
