// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.command.ReplicaVerdicts;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A broker's machine and its one log directory: what outlives its processes, and what can be wrong
 * with it. A model of what {@code LogDirectory} does, whose threads would not be deterministic.
 */
final class SimDirectory {
  private final SimCluster cluster;
  private final int brokerId;
  private final Map<TopicIdPartition, SimLog> logs = new TreeMap<>();
  private final ArrayDeque<Long> syncsSinceMicros = new ArrayDeque<>();
  private int disks;
  private int boots;
  private long runs;
  private long slowSyncMs;
  private boolean full;
  private boolean refusedWhileFull;
  private boolean failNextSync;

  SimDirectory(SimCluster cluster, int brokerId) {
    this.cluster = cluster;
    this.brokerId = brokerId;
  }

  Map<TopicIdPartition, SimLog> logs() {
    return logs;
  }

  UUID id() {
    return new UUID(brokerId, disks);
  }

  private UUID bootId() {
    return new UUID(1000 + brokerId, boots);
  }

  // ---- what is done to it

  /** The process ends; the kernel keeps what it was given. */
  void killed() {
    syncsSinceMicros.clear();
    for (SimLog log : logs.values()) {
      tornIf(log.killed(cluster.clock()));
    }
  }

  /** The machine stops: what was not synced is kept by sectors, or not. */
  void lostPower() {
    syncsSinceMicros.clear();
    boots++;
    failNextSync = false;
    for (SimLog log : logs.values()) {
      tornIf(log.lostPower(cluster.clock(), cluster.counters()));
    }
  }

  private void tornIf(boolean torn) {
    if (torn) {
      cluster.counters().count(Counter.TORN_TAILS);
    }
  }

  /** Another, empty disk. */
  void wipe() {
    logs.values().forEach(SimLog::wipe);
    disks++;
    runs = 0;
  }

  void slow(long syncMs) {
    slowSyncMs = syncMs;
  }

  void full(boolean isFull) {
    full = isFull;
  }

  boolean isFull() {
    return full;
  }

  /** The next fsync fails, and drops what it was to write: rule 22. */
  void failNextSync() {
    failNextSync = true;
  }

  boolean isAboutToFail() {
    return failNextSync;
  }

  /** Nothing is wrong with it from now on. */
  void heal() {
    slowSyncMs = 0;
    full = false;
    failNextSync = false;
  }

  // ---- what a process does with it

  /** Another process starts here. */
  void started() {
    runs++;
  }

  Provenance provenance() {
    return new Provenance(
        List.of(id()), bootId(), Provenance.UNCLEAN, new Provenance.Run(id(), runs));
  }

  /** Recovers every log, and says what the rights over it may rest on (rules 8 and 21). */
  ReplicaVerdicts recover(UUID incarnation) {
    Set<TopicIdPartition> whole = new HashSet<>();
    Set<TopicIdPartition> suspect = new HashSet<>();
    Set<TopicIdPartition> unsynced = new HashSet<>();
    Set<TopicIdPartition> damaged = new HashSet<>();
    logs.forEach(
        (id, log) ->
            (switch (log.verdict(incarnation)) {
                  case WHOLE -> whole;
                  case SUSPECT -> counted(suspect, Counter.LOGS_SUSPECT);
                  case UNSYNCED -> unsynced;
                  case DAMAGED -> counted(damaged, Counter.DAMAGE_FOUND_BY_RECOVERY);
                })
                .add(id));
    return ReplicaVerdicts.of(Map.of(id(), whole), suspect, unsynced, damaged);
  }

  private Set<TopicIdPartition> counted(Set<TopicIdPartition> verdicts, Counter counter) {
    cluster.counters().count(counter);
    return verdicts;
  }

  /** An fsync begins; returns how long it takes. */
  long syncBegins() {
    syncsSinceMicros.add(cluster.clock().nowMicros());
    return cluster.clock().between(200, 3_000) + slowSyncMs * 1000;
  }

  /** An fsync ends; whether what it was to write is on the disk. */
  boolean syncEnds() {
    syncsSinceMicros.poll();
    boolean failed = failNextSync;
    failNextSync = false;
    return !failed;
  }

  /** The age of the oldest fsync that has not ended: rule 13. */
  long oldestSyncAgeMs() {
    Long since = syncsSinceMicros.peek();
    return since == null ? 0 : (cluster.clock().nowMicros() - since) / 1000;
  }

  /** Whether an append is let in: rule 20. */
  boolean admits() {
    if (full) {
      refusedWhileFull = true;
      cluster.counters().count(Counter.DISK_FULL_REFUSALS);
      return false;
    }
    if (refusedWhileFull) {
      refusedWhileFull = false;
      cluster.counters().count(Counter.RESUMED_WITH_ROOM);
    }
    return true;
  }
}
