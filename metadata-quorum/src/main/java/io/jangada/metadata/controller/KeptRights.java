// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.LogComparison;
import io.jangada.metadata.command.LogEnd;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigs;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's new incarnation keeps of the rights of the one before (REPLICATION.md, rule 8).
 * It leaves every ISR. It stays eligible where its log has everything that it ever acknowledged:
 *
 * <ul>
 *   <li>not where recovery found damage;
 *   <li>not where the log was durable in memory only and the machine was restarted;
 *   <li>not where the log was in a directory that is gone; which ones that concerns is known from
 *       those that are whole in a directory that was there before;
 *   <li>not where the log is suspect, unless no one else is left who could lead.
 * </ul>
 *
 * <p>Where only the logs can tell who holds everything committed, it says where its own ends
 * instead, if that log has everything that it ever acknowledged.
 */
final class KeptRights {
  private final LeaderElector elector;
  private final @Nullable BrokerRegistration earlier;
  private final BrokerRegistration registration;
  private final ReplicaVerdicts verdicts;
  private final boolean byReplica;

  /**
   * For one registration.
   *
   * @param brokers the metadata as if the registration were written
   * @param byReplica whether a directory that is gone takes only the rights over what was in it
   */
  KeptRights(
      MetadataImage brokers,
      @Nullable BrokerRegistration earlier,
      BrokerRegistration registration,
      ReplicaVerdicts verdicts,
      boolean byReplica) {
    this.elector = new LeaderElector(brokers);
    this.earlier = earlier;
    this.registration = registration;
    this.verdicts = verdicts;
    this.byReplica = byReplica;
  }

  /** The partition once the broker is registered. */
  PartitionRegistration after(
      TopicIdPartition id, PartitionRegistration partition, TopicConfigs configs) {
    int brokerId = registration.brokerId();
    LogComparison comparison = partition.comparison();
    if (comparison != null && partition.replicas().contains(brokerId)) {
      LogEnd end = speaksForItself(id) ? verdicts.ends().get(id) : null;
      return IsrRules.compared(partition, comparison, brokerId, end);
    }
    if (!partition.hasRights(brokerId)) {
      return partition;
    }
    PartitionRegistration settled = elector.settled(partition, configs);
    return keeps(id, settled) ? settled : IsrRules.withoutEligible(settled, brokerId);
  }

  private boolean keeps(TopicIdPartition id, PartitionRegistration settled) {
    return hasAllItHad(id)
        && (!verdicts.suspect().contains(id)
            || (settled.isr().isEmpty() && settled.elr().size() == 1));
  }

  /** Whether the log may be compared with the others' (docs/adr/0012). */
  private boolean speaksForItself(TopicIdPartition id) {
    return hasAllItHad(id) && !verdicts.suspect().contains(id);
  }

  private boolean hasAllItHad(TopicIdPartition id) {
    BrokerRegistration before = earlier;
    if (before == null || verdicts.damaged().contains(id)) {
      return false;
    }
    boolean sameBoot = registration.provenance().bootId().equals(before.provenance().bootId());
    if (verdicts.unsynced().contains(id) && !sameBoot) {
      return false;
    }
    return registration.provenance().continues(before.provenance()) || isThere(id, before);
  }

  /** Whether the replica is in a directory that the earlier incarnation had too. */
  private boolean isThere(TopicIdPartition id, BrokerRegistration before) {
    if (!byReplica) {
      return false;
    }
    for (UUID directory : before.provenance().directories()) {
      SortedSet<TopicIdPartition> whole = verdicts.whole().get(directory);
      if (whole != null && whole.contains(id)) {
        return true;
      }
    }
    return false;
  }
}
