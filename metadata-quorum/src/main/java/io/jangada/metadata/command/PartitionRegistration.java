// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param comparison of the replicas' logs, where only that can tell who holds everything committed;
 *     null where ISR and ELR do. While there is one, both are empty
 */
public record PartitionRegistration(
    List<Integer> replicas,
    List<Integer> isr,
    List<Integer> elr,
    List<Integer> lastKnownElr,
    int leader,
    int leaderEpoch,
    int partitionEpoch,
    @Nullable LogComparison comparison) {
  /** The leader id of a partition without one. */
  public static final int NO_LEADER = -1;

  /** Copies the lists. */
  public PartitionRegistration {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
    elr = List.copyOf(elr);
    lastKnownElr = List.copyOf(lastKnownElr);
  }

  /** A partition whose ISR and ELR say who holds everything committed. */
  public PartitionRegistration(
      List<Integer> replicas,
      List<Integer> isr,
      List<Integer> elr,
      List<Integer> lastKnownElr,
      int leader,
      int leaderEpoch,
      int partitionEpoch) {
    this(replicas, isr, elr, lastKnownElr, leader, leaderEpoch, partitionEpoch, null);
  }

  /** Whether someone leads. */
  public boolean hasLeader() {
    return leader != NO_LEADER;
  }

  /** Whether the broker holds everything committed: in-sync or eligible. */
  public boolean hasRights(int brokerId) {
    return isr.contains(brokerId) || elr.contains(brokerId);
  }

  /** The same partition led by another, or by no one; its epochs are not touched. */
  public PartitionRegistration withLeader(int newLeader) {
    return new PartitionRegistration(
        replicas, isr, elr, lastKnownElr, newLeader, leaderEpoch, partitionEpoch, comparison);
  }

  /**
   * This state with the epochs it has when it comes after another.
   *
   * @param before the partition as it is; the answer where nothing else differs
   */
  public PartitionRegistration following(PartitionRegistration before) {
    PartitionRegistration unchanged = withEpochs(before.leaderEpoch, before.partitionEpoch);
    if (unchanged.equals(before)) {
      return before;
    }
    int newLeaderEpoch = before.leaderEpoch + (leader == before.leader ? 0 : 1);
    return withEpochs(newLeaderEpoch, before.partitionEpoch + 1);
  }

  /** The same partition, with what is known of its replicas' logs now. */
  public PartitionRegistration withComparison(LogComparison next) {
    return new PartitionRegistration(
        replicas, isr, elr, lastKnownElr, leader, leaderEpoch, partitionEpoch, next);
  }

  /** The same partition in other epochs. */
  public PartitionRegistration withEpochs(int newLeaderEpoch, int newPartitionEpoch) {
    return new PartitionRegistration(
        replicas, isr, elr, lastKnownElr, leader, newLeaderEpoch, newPartitionEpoch, comparison);
  }
}
