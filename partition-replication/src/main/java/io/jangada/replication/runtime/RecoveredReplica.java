// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import java.util.UUID;

/**
 * What recovery says of a replica on disk: what its rights at the quorum depend on (rules 8 and
 * 21).
 *
 * @param verdict in one word
 * @param reason why, for people; empty if it is whole
 * @param directory the identity of the log directory in which it was found
 * @param synced whether all that it ever called durable was synced; otherwise the verdict holds
 *     only if the machine has not been restarted since: the topic is durable in memory
 * @param lastEpoch the leader epoch of its last records, -1 if there are none
 * @param endOffset behind its last record
 */
public record RecoveredReplica(
    Verdict verdict, String reason, UUID directory, boolean synced, int lastEpoch, long endOffset) {
  /** A replica that has all that it ever called durable. */
  public static RecoveredReplica whole(UUID directory, int lastEpoch, long endOffset) {
    return new RecoveredReplica(Verdict.WHOLE, "", directory, true, lastEpoch, endOffset);
  }

  /** How much of what a replica called durable it still has. */
  public enum Verdict {
    /** All of it. */
    WHOLE,

    /** Perhaps not all: it is sound as far as it goes, and may be shorter than it was. */
    SUSPECT,

    /** Not all, and what is there is not sound: it stays offline. */
    DAMAGED
  }
}
