// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.IsrChangeOutcome;
import java.util.function.Consumer;

/** The way to the quorum for leaders; the broker implements it. */
public interface IsrProposals {
  /**
   * Submits the proposal, once. Must not block; called by event loops.
   *
   * @param answer to be called exactly once, on any thread; {@link IsrChangeOutcome.Unknown} where
   *     no answer came in time. A late answer after that is dropped by the caller
   */
  void propose(IsrProposal proposal, Consumer<IsrChangeOutcome> answer);

  /**
   * Asks for another leader in this one's place, once; what becomes of it shows in the metadata.
   * Must not block; called by event loops.
   *
   * @param leaderEpoch the epoch in which this broker leads it
   */
  void resign(TopicIdPartition partition, int leaderEpoch);
}
