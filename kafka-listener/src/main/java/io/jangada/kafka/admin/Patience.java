// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How long a client waits: Kafka's requests for changes say so themselves. */
final class Patience {
  private Patience() {}

  /**
   * The answer, or REQUEST_TIMED_OUT where it takes longer; what was asked for may be done then, or
   * still come to be done.
   *
   * @param timeoutMs not above 0: not at all
   */
  static <T> CompletableFuture<T> with(CompletableFuture<T> answer, int timeoutMs) {
    return answer
        .copy()
        .orTimeout(Math.max(0, timeoutMs), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              throw failure instanceof TimeoutException
                  ? new JangadaException(
                      ErrorCode.REQUEST_TIMED_OUT,
                      "expected it to be done within "
                          + timeoutMs
                          + " ms, but it took longer; it may yet come to be done")
                  : failure instanceof CompletionException wrapped
                      ? wrapped
                      : new CompletionException(failure);
            });
  }
}
