// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.node;

import io.jangada.broker.startup.StartupSteps;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting inside a start-up step, for as long as nobody wants the process to stop. */
final class Awaiting {
  private static final long LOOK_AROUND_MS = 50;

  private Awaiting() {}

  /**
   * The future's value.
   *
   * @throws JangadaException what the future failed with, or SHUTTING_DOWN if a stop was requested
   */
  static <T> T of(CompletableFuture<T> future, StartupSteps steps) throws InterruptedException {
    while (true) {
      try {
        return future.get(LOOK_AROUND_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (steps.stopRequested()) {
          throw new JangadaException(
              ErrorCode.SHUTTING_DOWN, "expected to finish starting, but was told to stop");
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof JangadaException typed) {
          throw typed;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
