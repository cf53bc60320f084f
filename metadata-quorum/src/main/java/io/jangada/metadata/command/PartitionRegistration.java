// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.List;

/**
 * Who holds, leads and may lead one partition. Immutable. Always: the leader is in the ISR, ISR and
 * ELR share no member, and the replicas contain both.
 *
 * @param replicas the brokers that hold it, in order of preference
 * @param isr the in-sync replicas
 * @param elr the eligible leader replicas: they left an ISR that fell under min ISR and hold
 *     everything committed (KIP-966)
 * @param lastKnownElr replicas that would be eligible, had they not lost their logs; only an
 *     operator may resort to them
 * @param leader the leader's broker id, or {@link #NO_LEADER}
 * @param leaderEpoch grows whenever the leader changes or is elected again
 * @param partitionEpoch grows with every change of this record
 */
public record PartitionRegistration(
    List<Integer> replicas,
    List<Integer> isr,
    List<Integer> elr,
    List<Integer> lastKnownElr,
    int leader,
    int leaderEpoch,
    int partitionEpoch) {
  /** The leader id of a partition without one. */
  public static final int NO_LEADER = -1;

  /** Copies the lists. */
  public PartitionRegistration {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
    elr = List.copyOf(elr);
    lastKnownElr = List.copyOf(lastKnownElr);
  }

  /** Whether someone leads. */
  public boolean hasLeader() {
    return leader != NO_LEADER;
  }

  /** Whether the broker holds everything committed: in-sync or eligible. */
  public boolean hasRights(int brokerId) {
    return isr.contains(brokerId) || elr.contains(brokerId);
  }
}
