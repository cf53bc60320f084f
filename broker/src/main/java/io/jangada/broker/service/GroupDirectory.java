// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.concurrent.CompletableFuture;

/** Which broker coordinates which consumer group. Thread-safe; never blocks. */
public interface GroupDirectory {

  /**
   * The broker that coordinates the group now: who leads the partition of {@code
   * __consumer_offsets} that the group's id falls on. The topic is created when somebody asks for
   * the first time.
   *
   * @return completes exceptionally with LEADER_NOT_AVAILABLE while there is none, or with what
   *     stands in the way of the topic
   */
  CompletableFuture<Integer> coordinatorOf(String groupId);
}
