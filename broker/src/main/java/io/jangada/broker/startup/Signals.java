// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns SIGTERM and SIGINT into a controlled shutdown: a JVM shutdown hook asks the process to
 * stop, waits until it has closed, and ends the JVM with its exit code (which would be 143 or 130
 * otherwise). The second signal is the system's to refuse; {@code kill -9} always works.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Runnable requestStop;
  private final Duration timeout;
  private final IntConsumer halt;
  private volatile int exitCode;

  private Signals(Runnable requestStop, Duration timeout, IntConsumer halt) {
    this.requestStop = requestStop;
    this.timeout = timeout;
    this.halt = halt;
  }

  /**
   * Installs the hook.
   *
   * @param requestStop called on the hook's thread; must not block
   * @param timeout after which the process ends without having closed, with exit code 1
   */
  public static Signals install(Runnable requestStop, Duration timeout, IntConsumer halt) {
    Signals signals = new Signals(requestStop, timeout, halt);
    Runtime.getRuntime().addShutdownHook(new Thread(signals::onShutdown, "jangada-shutdown"));
    return signals;
  }

  /** Says that everything is closed. Until then the hook waits. */
  public void finished(int newExitCode) {
    exitCode = newExitCode;
    finished.countDown();
  }

  private void onShutdown() {
    if (finished.getCount() == 0) {
      // The command has ended by itself and returns its own exit code.
      return;
    }
    requestStop.run();
    try {
      if (!finished.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.error("Not closed after {}; ending without", timeout);
        halt.accept(1);
      }
    } catch (InterruptedException e) {
      halt.accept(1);
    }
    halt.accept(exitCode);
  }
}
