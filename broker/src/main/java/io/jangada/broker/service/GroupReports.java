// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.concurrent.CompletableFuture;

/** How the groups get on that this broker coordinates. Thread-safe; never blocks. */
@FunctionalInterface
public interface GroupReports {

  /**
   * Looks at a group.
   *
   * @param stuckAfterMs how long a partition may wait until the group counts as stuck
   * @return fails with a {@link io.jangada.common.JangadaException}: GROUP_NOT_FOUND,
   *     NOT_COORDINATOR, COORDINATOR_LOADING
   */
  CompletableFuture<GroupReport> describe(String groupId, long stuckAfterMs);
}
