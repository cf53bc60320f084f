// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.metadata.command.LogComparison;
import io.jangada.metadata.command.LogEnd;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which replicas hold everything committed, when the ISR changes (REPLICATION.md, rules 7 and 8;
 * KIP-966). Epochs and leaders are not touched.
 */
final class IsrRules {
  private IsrRules() {}

  /**
   * The partition with another ISR. While the new ISR is under min ISR nothing is committed, so
   * that whoever leaves it now holds everything committed and becomes eligible. An ISR that is
   * large enough commits without the others, whose rights therefore end in this very change.
   *
   * @param isr the new members
   * @param minInsyncReplicas of the topic; the number of replicas bounds it
   */
  static PartitionRegistration withIsr(
      PartitionRegistration partition, List<Integer> isr, int minInsyncReplicas) {
    Set<Integer> elr = new TreeSet<>();
    Set<Integer> lastKnownElr = new TreeSet<>();
    if (isr.size() < required(partition, minInsyncReplicas)) {
      elr.addAll(partition.elr());
      elr.addAll(partition.isr());
      elr.removeAll(isr);
      lastKnownElr.addAll(partition.lastKnownElr());
      lastKnownElr.removeAll(isr);
    }
    return with(partition, isr::contains, elr::contains, lastKnownElr::contains);
  }

  /** How many members it takes to commit (rule 7). */
  static int required(PartitionRegistration partition, int minInsyncReplicas) {
    return Math.min(minInsyncReplicas, partition.replicas().size());
  }

  /**
   * The partition after a broker has lost its log, whether it was in the ISR or eligible. Its
   * leader may have to be elected.
   */
  static PartitionRegistration withoutRights(
      PartitionRegistration partition, int brokerId, int minInsyncReplicas) {
    if (!partition.isr().contains(brokerId)) {
      return withoutEligible(partition, brokerId);
    }
    List<Integer> others = partition.isr().stream().filter(id -> id != brokerId).toList();
    return withoutEligible(withIsr(partition, others, minInsyncReplicas), brokerId);
  }

  /**
   * The partition after a broker has lost its log: it is not eligible, and only an operator may
   * resort to what is left.
   */
  static PartitionRegistration withoutEligible(PartitionRegistration partition, int brokerId) {
    List<Integer> elr = partition.elr();
    LogComparison comparison = partition.comparison();
    if (comparison != null) {
      return partition.withComparison(comparison.with(brokerId, null));
    }
    if (!elr.contains(brokerId)) {
      return partition;
    }
    return with(
        partition,
        partition.isr()::contains,
        id -> id != brokerId && elr.contains(id),
        id -> id == brokerId || partition.lastKnownElr().contains(id));
  }

  /**
   * The partition after a broker has said where its log ends, or that its log does not speak for
   * itself. When the last one has, those that reach farthest hold everything that was ever
   * committed (docs/adr/0012).
   *
   * @param partition with a comparison
   */
  static PartitionRegistration compared(
      PartitionRegistration partition, LogComparison before, int brokerId, @Nullable LogEnd end) {
    LogComparison comparison = before.with(brokerId, end);
    if (!comparison.coversAll(partition.replicas())) {
      return partition.withComparison(comparison);
    }
    List<Integer> farthest = comparison.farthest(partition.replicas());
    return with(
        partition,
        id -> false,
        farthest::contains,
        id -> !farthest.contains(id) && partition.lastKnownElr().contains(id));
  }

  /** Members are kept in the order of the replicas, which is the order of preference. */
  private static PartitionRegistration with(
      PartitionRegistration partition,
      Predicate<Integer> isr,
      Predicate<Integer> elr,
      Predicate<Integer> lastKnownElr) {
    List<Integer> replicas = partition.replicas();
    return new PartitionRegistration(
        replicas,
        replicas.stream().filter(isr).toList(),
        replicas.stream().filter(elr).toList(),
        replicas.stream().filter(lastKnownElr).toList(),
        partition.leader(),
        partition.leaderEpoch(),
        partition.partitionEpoch());
  }
}
