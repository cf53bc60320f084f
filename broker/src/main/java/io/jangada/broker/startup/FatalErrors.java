// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when something goes wrong that nobody handles. A process that has lost one of its
 * own threads, or its memory, still answers heartbeats and so keeps partitions it can't serve: it
 * is better dead, and others take over. Thread-safe.
 *
 * <ul>
 *   <li>An {@link Error}, or any exception that ends a thread named {@code jangada-…}: the process
 *       ends at once, unclean, with {@link #EXIT_CODE}.
 *   <li>An exception that ends a thread of a library: logged and counted.
 * </ul>
 */
public final class FatalErrors implements Thread.UncaughtExceptionHandler {
  /** EX_SOFTWARE of sysexits.h. */
  public static final int EXIT_CODE = 70;

  private static final Logger LOG = LoggerFactory.getLogger(FatalErrors.class);
  private static final String OWN_THREAD = "jangada-";

  private final IntConsumer halt;
  private final Counter uncaught;

  FatalErrors(CollectorRegistry metrics, IntConsumer halt) {
    this.halt = halt;
    this.uncaught =
        Counter.build(
                "jangada_uncaught_exceptions_total",
                "Exceptions that ended a thread of a library without ending the process.")
            .register(metrics);
  }

  /**
   * Makes this the JVM's handler. Call it again after starting a library that puts in its own, as
   * Ratis does.
   */
  public void install() {
    Thread.setDefaultUncaughtExceptionHandler(this);
  }

  /** Ends the process now, without closing anything. Does not return in production. */
  public void fatal(String what, Throwable cause) {
    try {
      LOG.error("Fatal: {}. The process ends now (exit code {}).", what, EXIT_CODE, cause);
    } finally {
      // Logging needs memory, which may be what is missing.
      halt.accept(EXIT_CODE);
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable cause) {
    if (cause instanceof Error || thread.getName().startsWith(OWN_THREAD)) {
      fatal("thread " + thread.getName() + " died", cause);
    } else {
      uncaught.inc();
      LOG.error("Thread {} died", thread.getName(), cause);
    }
  }
}
