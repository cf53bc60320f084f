// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import java.util.List;

/**
 * The one ISR change that is under way for a partition epoch.
 *
 * @param changeId the last proposal's number
 * @param wanted the ISR that the last proposal asks for, with the broker epochs for which its
 *     members were chosen; proposing again does not renew them (rule 6): what a follower had
 *     acknowledged says nothing about the disk of the process after it
 * @param uncertain true once a proposal for this partition epoch has an unknown outcome: from then
 *     on only a higher partition epoch settles what happened
 * @param settledAtIndex the metadata index from which a definite rejection acts, or {@link
 *     #UNSETTLED}
 * @param retryAtMs when to propose again, or {@link #NO_RETRY} while an answer is awaited
 */
record InFlight(
    long changeId,
    List<BrokerView> wanted,
    boolean uncertain,
    long settledAtIndex,
    long retryAtMs) {
  static final long UNSETTLED = Long.MAX_VALUE;
  static final long NO_RETRY = Long.MAX_VALUE;

  static InFlight proposed(long changeId, List<BrokerView> wanted) {
    return new InFlight(changeId, wanted, false, UNSETTLED, NO_RETRY);
  }

  InFlight rejectedAt(long metadataIndex) {
    return new InFlight(changeId, wanted, uncertain, metadataIndex, NO_RETRY);
  }

  InFlight unknown(List<BrokerView> nextWanted, long nextRetryAtMs) {
    return new InFlight(changeId, nextWanted, true, UNSETTLED, nextRetryAtMs);
  }

  InFlight proposedAgain(long nextChangeId) {
    return new InFlight(nextChangeId, wanted, uncertain, UNSETTLED, NO_RETRY);
  }
}
