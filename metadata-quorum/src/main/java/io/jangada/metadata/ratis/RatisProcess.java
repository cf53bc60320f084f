// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import org.apache.ratis.util.ExitUtils;

/** Takes back what Ratis takes of the process: it exits the JVM and replaces a global handler. */
final class RatisProcess {
  private static boolean tamed;

  private RatisProcess() {}

  /** Idempotent. */
  static synchronized void tame() {
    if (tamed) {
      return;
    }
    tamed = true;
    Thread.UncaughtExceptionHandler ours = Thread.getDefaultUncaughtExceptionHandler();
    // Loading the class installs Ratis's handler.
    ExitUtils.disableSystemExit();
    ExitUtils.setTerminateOnUncaughtException(false);
    Thread.setDefaultUncaughtExceptionHandler(ours);
  }
}
