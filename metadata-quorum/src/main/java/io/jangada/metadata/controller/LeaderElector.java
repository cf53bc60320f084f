// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Brings a partition in line with the state of its brokers: fenced ones leave the ISR, and it is
 * led by someone who holds everything committed, or by no one (REPLICATION.md, rule 8). Epochs are
 * not touched.
 */
final class LeaderElector {
  private final MetadataImage brokers;

  /** Elects by the brokers of that image. */
  LeaderElector(MetadataImage brokers) {
    this.brokers = brokers;
  }

  /** The partition as it should be: equal to the given one where nothing has to change. */
  PartitionRegistration settled(PartitionRegistration partition, int minInsyncReplicas) {
    List<Integer> isr = remaining(partition.isr());
    PartitionRegistration shrunk =
        isr.size() == partition.isr().size()
            ? partition
            : IsrRules.withIsr(partition, isr, minInsyncReplicas);
    return shrunk.isr().contains(shrunk.leader()) ? shrunk : elected(shrunk, minInsyncReplicas);
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

  /** From the ISR; only if it is empty from the ELR; never from outside (KIP-966). */
  private PartitionRegistration elected(PartitionRegistration partition, int minInsyncReplicas) {
    boolean fromElr = partition.isr().isEmpty();
    List<Integer> candidates = fromElr ? partition.elr() : partition.isr();
    for (Integer candidate : candidates) {
      if (brokers.inService(candidate)) {
        return (fromElr
                ? IsrRules.withIsr(partition, List.of(candidate), minInsyncReplicas)
                : partition)
            .withLeader(candidate);
      }
    }
    return partition.withLeader(PartitionRegistration.NO_LEADER);
  }
}
