// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** What an operator may change of the quorum itself. */
public sealed interface QuorumChange {
  /**
   * Another member shall lead.
   *
   * @param nodeId which, or empty for the one that is furthest
   */
  record Transfer(OptionalInt nodeId) implements QuorumChange {}

  /**
   * A node that waits for it shall vote.
   *
   * @param member the node and its addresses
   * @param directoryId its disk, if it shall be no other
   */
  record Add(QuorumMember member, Optional<UUID> directoryId) implements QuorumChange {}

  /**
   * A member shall vote no longer.
   *
   * @param force although no other member may fail then
   */
  record Remove(int nodeId, boolean force) implements QuorumChange {}

  /**
   * What became of it.
   *
   * @param nodeId the member that leads, that was added, or that was removed
   * @param directoryId its disk where it was added
   * @param members how many there are now
   */
  record Done(int nodeId, Optional<UUID> directoryId, int members) {}
}
