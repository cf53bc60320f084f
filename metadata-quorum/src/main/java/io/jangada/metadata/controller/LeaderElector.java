// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Brings a partition in line with the state of its brokers: fenced ones leave the ISR, and it is
 * led by someone who holds everything committed, or by no one (REPLICATION.md, rule 8). Only where
 * no one is left who does, and the topic prefers to lose records then, is another one elected.
 * Epochs are not touched.
 */
final class LeaderElector {
  private final MetadataImage brokers;

  /** Elects by the brokers of that image. */
  LeaderElector(MetadataImage brokers) {
    this.brokers = brokers;
  }

  /** The partition as it should be: equal to the given one where nothing has to change. */
  PartitionRegistration settled(PartitionRegistration partition, TopicConfigs configs) {
    List<Integer> isr = remaining(partition.isr());
    PartitionRegistration shrunk =
        isr.size() == partition.isr().size()
            ? partition
            : IsrRules.withIsr(partition, isr, configs.minInsyncReplicas());
    return shrunk.isr().contains(shrunk.leader()) ? shrunk : elected(shrunk, configs);
  }

  /** A broker that shuts down stays in the ISR only while no one else there can lead. */
  private List<Integer> remaining(List<Integer> isr) {
    IntPredicate stays =
        isr.stream().anyMatch(brokers::inService) ? brokers::inService : this::isShuttingDown;
    return isr.stream().filter(stays::test).toList();
  }

  private boolean isShuttingDown(int brokerId) {
    BrokerRegistration broker = brokers.broker(brokerId);
    return broker != null && broker.status() == BrokerStatus.SHUTTING_DOWN;
  }

  /**
   * From the ISR; only if it is empty from the ELR; else from outside only as allowed (KIP-966).
   */
  private PartitionRegistration elected(PartitionRegistration partition, TopicConfigs configs) {
    List<Integer> candidates = partition.isr().isEmpty() ? partition.elr() : partition.isr();
    for (Integer candidate : candidates) {
      if (brokers.inService(candidate)) {
        return led(partition, candidate, configs);
      }
    }
    boolean noOneEligible =
        partition.isr().isEmpty()
            && partition.elr().isEmpty()
            // Comparing the logs finds out who is.
            && partition.comparison() == null;
    if (noOneEligible && configs.uncleanLeaderElection()) {
      List<Integer> anyone = new ArrayList<>(partition.lastKnownElr());
      anyone.addAll(partition.replicas());
      for (Integer candidate : anyone) {
        if (brokers.inService(candidate)) {
          return led(partition, candidate, configs);
        }
      }
    }
    return partition.withLeader(PartitionRegistration.NO_LEADER);
  }

  /** Led by that replica; if it is not in the ISR, it alone is from now on. */
  static PartitionRegistration led(
      PartitionRegistration partition, int leader, TopicConfigs configs) {
    return (partition.isr().contains(leader)
            ? partition
            : IsrRules.withIsr(partition, List.of(leader), configs.minInsyncReplicas()))
        .withLeader(leader);
  }

  /**
   * Who may lead in a leader's place: members of the ISR; while that is under min ISR the eligible
   * ones too, since nothing is committed without them. Those after the leader in the order of
   * preference come first, so that leaders that give up one after the other try everyone.
   *
   * @param unwilling brokers that are not asked
   * @return {@link PartitionRegistration#NO_LEADER} if there is none
   */
  int successor(PartitionRegistration partition, TopicConfigs configs, Set<Integer> unwilling) {
    List<Integer> replicas = partition.replicas();
    int first = replicas.indexOf(partition.leader()) + 1;
    boolean underMinIsr =
        partition.isr().size() < IsrRules.required(partition, configs.minInsyncReplicas());
    int eligible = PartitionRegistration.NO_LEADER;
    for (int i = 0; i < replicas.size(); i++) {
      int candidate = replicas.get((first + i) % replicas.size());
      if (candidate == partition.leader()
          || !brokers.inService(candidate)
          || unwilling.contains(candidate)) {
        continue;
      }
      if (partition.isr().contains(candidate)) {
        return candidate;
      }
      if (underMinIsr
          && eligible == PartitionRegistration.NO_LEADER
          && partition.elr().contains(candidate)) {
        eligible = candidate;
      }
    }
    return eligible;
  }
}
