// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.UnfitDirectory;
import io.jangada.replication.core.PartitionEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a broker's process does about a disk that failed, and about replicas that are damaged. */
final class Quarantine {
  /** How long a process that has to end waits for the quorum to hear why. */
  private static final long LAST_WORDS_MS = 1_000;

  private static final long RESTART_MS = 700;

  private final SimCluster cluster;
  private final SimBroker broker;
  private final Relinquishments relinquishments;

  /** Damaged replicas, and from which metadata on they have no rights. */
  private final Map<TopicIdPartition, Long> repairs = new TreeMap<>();

  private boolean halted;

  Quarantine(SimCluster cluster, SimBroker broker) {
    this.cluster = cluster;
    this.broker = broker;
    this.relinquishments = new Relinquishments(cluster, broker);
  }

  /** Another process begins. */
  void clear() {
    relinquishments.clear();
    repairs.clear();
    halted = false;
  }

  void tick() {
    relinquishments.tick();
  }

  /** Whether an fsync has failed. */
  boolean isHalted() {
    return halted;
  }

  /** Whether that replica must not be used. */
  boolean holds(TopicIdPartition partition) {
    return halted || repairs.containsKey(partition);
  }

  /** Recovery has found damage, and the registration with that index has said so. */
  void damageReported(TopicIdPartition partition, long index) {
    repairs.put(partition, index);
  }

  /** A read came upon damage: the replica ends, and another begins once its rights are gone. */
  void damageFound(SimReplica replica) {
    TopicIdPartition partition = replica.core().partition();
    SimLog log = replica.log();
    cluster.counters().count(Counter.DAMAGE_FOUND_BY_READ);
    log.damaged();
    replica.step(new PartitionEvent.Stop(ErrorCode.STORAGE_ERROR, "damage was found"));
    relinquishments.add(
        List.of(partition),
        false,
        List.of(),
        index -> {
          log.reported();
          repairs.put(partition, index);
          broker.assign();
        });
  }

  /**
   * A damaged replica without rights is as good as none: it is fetched anew from its leader. Not
   * before the metadata says so, or it would lead with an empty log.
   */
  void repairUpTo(long metadataIndex) {
    if (repairs.isEmpty()) {
      return;
    }
    for (Map.Entry<TopicIdPartition, Long> due : List.copyOf(repairs.entrySet())) {
      if (metadataIndex >= due.getValue()) {
        cluster.counters().count(Counter.REPAIRS);
        repairs.remove(due.getKey());
        broker.drop(due.getKey());
      }
    }
  }

  /**
   * An fsync has failed: nothing is written any more, the quorum is told, and the process ends,
   * whether or not the quorum has answered by then. It is started again.
   */
  void halt() {
    if (halted) {
      return;
    }
    halted = true;
    cluster.counters().count(Counter.DIRECTORIES_HALTED);
    for (SimReplica replica : List.copyOf(broker.replicas().values())) {
      replica.step(new PartitionEvent.Stop(ErrorCode.STORAGE_ERROR, "an fsync has failed"));
    }
    int number = broker.process();
    Runnable end =
        () -> {
          if (broker.isProcess(number)) {
            broker.kill();
            broker.startAfter(RESTART_MS);
          }
        };
    relinquishments.add(
        List.copyOf(broker.disk().keySet()),
        true,
        List.of(new UnfitDirectory(broker.directory().id(), "an fsync has failed")),
        index -> end.run());
    cluster.clock().afterMs(LAST_WORDS_MS, end);
  }
}
