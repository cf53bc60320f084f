// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How the metadata quorum is doing, as its leader sees it. Thread-safe. */
public interface QuorumView {

  /**
   * Asks the quorum leader.
   *
   * @return completes exceptionally with QUORUM_UNAVAILABLE where there is none
   */
  CompletableFuture<Quorum> describe();

  /**
   * The quorum.
   *
   * @param leaderId -1 = none known
   */
  record Quorum(
      String clusterId,
      int leaderId,
      long term,
      long controllerEpoch,
      long committedIndex,
      int featureLevel,
      List<Member> members) {}

  /**
   * One voter.
   *
   * @param address of the members' own port
   * @param matchIndex how far its log is known to agree with the leader's; -1 = unknown
   * @param lastContactMs since the leader last heard of it; -1 = unknown
   */
  record Member(int nodeId, String address, boolean leader, long matchIndex, long lastContactMs) {}
}
