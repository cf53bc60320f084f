// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import io.jangada.common.JangadaException;
import java.util.UUID;

/** Asks another member. Blocks for at most a second or two. */
public interface MemberDirectory {
  /**
   * Whether this node may vote.
   *
   * @param announces whether the other is to record that this node is about to vote
   * @return the other's own directory id
   * @throws JangadaException NETWORK_ERROR, UNAVAILABLE or the like (retriable) if the other does
   *     not answer, DUPLICATE_BROKER_ID if it refuses, INCONSISTENT_CLUSTER_ID if it is of another
   *     cluster
   */
  UUID ask(QuorumMember other, boolean announces);
}
