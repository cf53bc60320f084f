// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.concurrent.CompletableFuture;

/** Whether the other brokers know of a change. Thread-safe; never blocks. */
@FunctionalInterface
public interface MetadataVisibility {
  /** For a node that asks nobody. */
  MetadataVisibility HERE = index -> CompletableFuture.completedFuture(null);

  /**
   * Waits until every broker in service has applied the metadata up to an index, so that somebody
   * who asks another one next finds what was changed here. For a moment only: a broker that does
   * not answer in time must not hold up those that do.
   *
   * @return completes in any case
   */
  CompletableFuture<Void> everywhere(long index);
}
