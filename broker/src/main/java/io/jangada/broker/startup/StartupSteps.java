// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the named steps of a start-up in order and closes what they opened in reverse order. One
 * thread starts and closes; only {@link #requestStop} may be called from another.
 *
 * <p>The first step that fails ends the start-up with its exception; the caller closes, which
 * undoes the steps before it. Closing goes on past a failure and remembers it.
 */
public final class StartupSteps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StartupSteps.class);

  /** What a step does. It may block, with a deadline; the thread is never interrupted. */
  @FunctionalInterface
  public interface Step<T> {
    T start() throws Exception;
  }

  /** Undoes a step. */
  @FunctionalInterface
  public interface CloseAction {
    void close() throws Exception;
  }

  private record Opened(String name, CloseAction action) {}

  private final Deque<Opened> opened = new ArrayDeque<>();
  private final List<String> failedToClose = new ArrayList<>();
  private volatile boolean stopRequested;

  /**
   * Starts something that must be closed.
   *
   * @throws JangadaException {@link ErrorCode#SHUTTING_DOWN} without running the step once a stop
   *     was requested; whatever the step threw, checked exceptions wrapped with the step's name
   */
  public <T extends AutoCloseable> T open(String name, Step<T> step) {
    T resource = run(name, step);
    opened.push(new Opened(name, resource::close));
    return resource;
  }

  /** Runs a step that leaves nothing to close. */
  public <T> T run(String name, Step<T> step) {
    if (stopRequested) {
      throw new JangadaException(ErrorCode.SHUTTING_DOWN, "stopped before the step: " + name);
    }
    long startedNs = System.nanoTime();
    try {
      T result = step.start();
      LOG.info("Started {} in {} ms", name, elapsedMs(startedNs));
      return result;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new JangadaException(
          ErrorCode.INTERNAL, "could not start " + name + ": " + e.getMessage(), "", true, e);
    }
  }

  /** Adds something to do on closing, in reverse order with the rest. */
  public void onClose(String name, CloseAction action) {
    opened.push(new Opened(name, action));
  }

  /** Lets no further step start. Any thread. */
  public void requestStop() {
    stopRequested = true;
  }

  /** Whether to give up waiting inside a step. Any thread. */
  public boolean stopRequested() {
    return stopRequested;
  }

  /** The steps that threw while closing, so far. */
  public List<String> failedToClose() {
    return List.copyOf(failedToClose);
  }

  /** Closes everything that was opened, last first. Does not throw; idempotent. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      Opened next = opened.pop();
      long startedNs = System.nanoTime();
      try {
        next.action().close();
        LOG.info("Closed {} in {} ms", next.name(), elapsedMs(startedNs));
      } catch (Exception e) {
        failedToClose.add(next.name());
        LOG.error("Could not close {}", next.name(), e);
      }
    }
  }

  private static long elapsedMs(long startedNs) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
  }
}
