// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

import java.util.concurrent.CompletableFuture;

/** Finds out whether anybody listens at an address. */
public interface Prober extends AutoCloseable {
  /**
   * Whether the address refuses connections. False if it accepts them, if nothing answers in time
   * or if it can't be resolved: only a refusal proves that the process is gone. Never fails, does
   * not block; completes on a thread of the prober within half a second.
   */
  CompletableFuture<Boolean> refuses(String address);

  @Override
  void close();
}
