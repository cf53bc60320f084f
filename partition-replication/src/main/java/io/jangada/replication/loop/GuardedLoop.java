// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.loop;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * An event loop as one component on it sees it. A task that throws is a defect of the component: it
 * is the component that ends, not what it shares the loop with. Errors are the loop's.
 */
public final class GuardedLoop implements Executor {
  private final EventLoop loop;
  private final Consumer<RuntimeException> onDefect;

  /**
   * A component's view of its loop.
   *
   * @param onDefect ends the component; on the loop. If that throws, too, the loop's handler is
   *     next
   */
  public GuardedLoop(EventLoop loop, Consumer<RuntimeException> onDefect) {
    this.loop = loop;
    this.onDefect = onDefect;
  }

  /** As {@link EventLoop#offer}. */
  public boolean offer(Runnable task) {
    return loop.offer(() -> guard(task));
  }

  /** As {@link EventLoop#execute}. */
  @Override
  public void execute(Runnable task) {
    loop.execute(() -> guard(task));
  }

  /** As {@link EventLoop#afterDrain}. */
  public void afterDrain(Runnable task) {
    loop.afterDrain(() -> guard(task));
  }

  /** As {@link EventLoop#schedule}. */
  public void schedule(long delayNanos, Runnable task) {
    loop.schedule(delayNanos, () -> guard(task));
  }

  /** Runs the task now. Loop only. */
  public void guard(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      onDefect.accept(e);
    }
  }
}
