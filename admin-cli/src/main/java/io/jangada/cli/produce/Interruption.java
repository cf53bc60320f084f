// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import java.io.PrintStream;
import java.time.Duration;

/**
 * Ctrl-C while records are sent: what is on its way may arrive, and what is acknowledged is said.
 */
final class Interruption {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  /** Listens until {@link #forget}. */
  static Interruption listen(Sending sending, PrintStream err) {
    Thread hook = new Thread(() -> say(sending, err, PATIENCE), "jangada-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends already, so the hook runs.
      return;
    }
  }

  /**
   * Says what is acknowledged.
   *
   * @param patience how long what is on its way is waited for
   */
  static void say(Sending sending, PrintStream err, Duration patience) {
    try {
      err.println("error: interrupted; " + sending.stop(patience));
      err.println("try: send the rest, from the first record that is not acknowledged");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
