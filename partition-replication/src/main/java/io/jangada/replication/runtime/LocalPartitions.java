// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import io.jangada.replication.core.PartitionEvent;
import io.jangada.replication.core.PartitionReplica;
import io.jangada.replication.core.RecoveredLog;
import io.jangada.replication.core.ReplicaConfig;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.directory.DirectoryLog;
import io.jangada.replication.directory.FoundLog;
import io.jangada.replication.directory.LogDirectory;
import io.jangada.replication.loop.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions and the loops that own them. */
final class LocalPartitions implements PartitionRegistry {
  private static final Logger log = LoggerFactory.getLogger(LocalPartitions.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** No replica makes as many attempts. */
  private static final int ATTEMPTS_BITS = 40;

  private static final long RETENTION_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ReplicationConfig config;
  private final Shared shared;
  private final LogDirectories directories;
  private final List<LoopOfPartitions> loops = new ArrayList<>();
  private final Map<TopicIdPartition, PartitionHandle> partitions = new ConcurrentHashMap<>();

  private final Repairs repairs;
  private final Settlement settlement;
  private final AtomicLong incarnations = new AtomicLong();
  private volatile ReplicaConfig replicaConfig;

  /**
   * Held while partitions come and go: they do so by the metadata, by the end of a removal, and by
   * damage.
   */
  private final Object lock = new Object();

  /** What the metadata last said, of each that is here; guarded by the lock. */
  private final Map<TopicIdPartition, Awaited> latest = new HashMap<>();

  /** Where a replica that is going to be fetched anew has to lie; guarded by the lock. */
  private final Map<TopicIdPartition, LogDirectory> toRebuild = new HashMap<>();

  /** What is assigned again while its former log is still being removed. */
  private final Map<TopicIdPartition, Optional<Awaited>> removals = new ConcurrentHashMap<>();

  /** A loop and what it owns; the list is the loop's own. */
  private record LoopOfPartitions(EventLoop loop, List<LocalPartition> owned) {
    void tick() {
      for (int i = 0; i < owned.size(); i++) {
        owned.get(i).tick();
      }
      loop.schedule(TICK_NANOS, this::tick);
    }

    void enforceRetention() {
      long nowMs = System.currentTimeMillis();
      for (int i = 0; i < owned.size(); i++) {
        owned.get(i).enforceRetention(nowMs);
      }
      loop.schedule(RETENTION_NANOS, this::enforceRetention);
    }
  }

  LocalPartitions(
      ReplicationConfig config, List<EventLoop> loops, Shared shared, LogDirectories directories) {
    this.config = config;
    this.replicaConfig = config.replica();
    this.repairs = new Repairs(config.brokerId());
    this.shared = shared;
    this.directories = directories;
    this.settlement = new Settlement(directories, shared.readPool()::execute);
    for (EventLoop loop : loops) {
      this.loops.add(new LoopOfPartitions(loop, new ArrayList<>()));
    }
  }

  /** An assignment that comes too early. */
  private record Awaited(HostedAssignment assigned, long brokerEpoch) {}

  /** Takes what recovery has found, then starts the loops. Blocks. */
  Map<TopicIdPartition, RecoveredReplica> start() throws IOException {
    Map<TopicIdPartition, RecoveredReplica> verdicts = new HashMap<>();
    for (FoundReplicas.Placed placed : FoundReplicas.in(directories.all())) {
      TopicIdPartition id = placed.log().partition();
      TopicPartition name = new TopicPartition(placed.log().topic(), id.partition());
      PartitionHandle handle =
          switch (placed.log()) {
            case FoundLog.Usable usable ->
                host(name, TopicSettings.DEFAULT, placed.directory(), usable);
            case FoundLog.Damaged damaged ->
                new FailedPartition(id, name, damaged.reason(), placed.directory());
          };
      partitions.put(id, handle);
      verdicts.put(id, placed.verdict());
    }
    for (LoopOfPartitions each : loops) {
      each.loop().schedule(TICK_NANOS, each::tick);
      each.loop().schedule(RETENTION_NANOS, each::enforceRetention);
      each.loop().start();
    }
    return Map.copyOf(verdicts);
  }

  @Override
  public Optional<PartitionHandle> find(TopicIdPartition partition) {
    return Optional.ofNullable(partitions.get(partition));
  }

  /** The replica for the streams; empty also where its log could not be opened. */
  Optional<LocalPartition> findLocal(TopicIdPartition partition) {
    return partitions.get(partition) instanceof LocalPartition local
        ? Optional.of(local)
        : Optional.empty();
  }

  @Override
  public Collection<PartitionHandle> all() {
    return List.copyOf(partitions.values());
  }

  @Override
  public void apply(MetadataUpdate update) {
    boolean registered = update.brokerEpoch() >= 0;
    if (registered) {
      shared.links().brokerEpoch(update.brokerEpoch());
    }
    synchronized (lock) {
      update.assigned().forEach(assigned -> takeOver(new Awaited(assigned, update.brokerEpoch())));
      update.removed().forEach(this::letGo);
    }
    update.assigned().forEach(assigned -> considerRepair(assigned.partition()));
    for (LoopOfPartitions each : loops) {
      each.loop()
          .execute(
              () -> {
                for (LocalPartition partition : each.owned()) {
                  partition
                      .loop()
                      .guard(() -> partition.owner().metadataAdvanced(update.metadataIndex()));
                }
              });
    }
  }

  /** How long an ISR member may lag from now on, here and in what will be here. */
  void lagTime(long lagTimeMaxMs) {
    synchronized (lock) {
      // Under the lock a replica is made either before, and is told, or after, and knows.
      replicaConfig = replicaConfig.withLagTimeMaxMs(lagTimeMaxMs);
      PartitionEvent set = new PartitionEvent.LagTimeSet(lagTimeMaxMs);
      for (LoopOfPartitions each : loops) {
        each.loop()
            .execute(
                () -> {
                  for (LocalPartition partition : each.owned()) {
                    partition.loop().guard(() -> partition.owner().step(set));
                  }
                });
      }
    }
  }

  private void takeOver(Awaited awaited) {
    TopicIdPartition partition = awaited.assigned().partition();
    latest.put(partition, awaited);
    boolean beingRemoved =
        removals.computeIfPresent(partition, (id, older) -> Optional.of(awaited)) != null;
    if (!beingRemoved) {
      assign(awaited);
    }
  }

  @Override
  public void settle(UUID history, List<TopicIdPartition> unassigned) {
    synchronized (lock) {
      List<TopicIdPartition> here = unassigned.stream().filter(partitions::containsKey).toList();
      settlement.begin(history, here);
      here.forEach(this::letGo);
    }
  }

  private void letGo(TopicIdPartition removed) {
    latest.remove(removed);
    toRebuild.remove(removed);
    repairs.forget(removed);
    PartitionHandle handle = partitions.remove(removed);
    if (handle == null) {
      removals.computeIfPresent(removed, (id, older) -> Optional.empty());
    } else {
      remove(handle);
    }
  }

  private void assign(Awaited awaited) {
    HostedAssignment assigned = awaited.assigned();
    PartitionHandle handle = partitions.get(assigned.partition());
    if (handle == null) {
      handle = create(assigned);
      partitions.put(assigned.partition(), handle);
    }
    if (awaited.brokerEpoch() >= 0 && handle instanceof LocalPartition local) {
      local.assigned(assigned, awaited.brokerEpoch());
    }
  }

  private PartitionHandle create(HostedAssignment assigned) {
    TopicIdPartition id = assigned.partition();
    TopicPartition name = new TopicPartition(assigned.topicName(), id.partition());
    LogDirectory former = toRebuild.remove(id);
    boolean rebuilding = former != null && !former.failed();
    Optional<LogDirectory> directory =
        rebuilding ? Optional.ofNullable(former) : directories.forNewLog();
    if (directory.isEmpty()) {
      return new FailedPartition(id, name, "every log directory has failed", null);
    }
    DirectoryLog log = directory.get().create(id, assigned.topicName());
    FoundLog.Usable fresh = new FoundLog.Usable(log, RecoveredLog.empty(), rebuilding, "", true);
    return host(name, assigned.settings(), directory.get(), fresh);
  }

  private LocalPartition host(
      TopicPartition name, TopicSettings settings, LogDirectory directory, FoundLog.Usable found) {
    LoopOfPartitions home = home(found.partition());
    PartitionReplica replica =
        new PartitionReplica(
            found.partition(),
            config.brokerId(),
            replicaConfig,
            found.state(),
            incarnations.getAndIncrement() << ATTEMPTS_BITS);
    LocalPartition partition =
        new LocalPartition(replica, name, settings, directory, found.log(), shared, home.loop());
    found.log().owner(partition);
    home.loop()
        .execute(
            () -> {
              home.owned().add(partition);
              if (found.rebuilding()) {
                partition.owner().rebuilding();
              }
            });
    return partition;
  }

  private LoopOfPartitions home(TopicIdPartition id) {
    return loops.get(Math.floorMod(id.hashCode(), loops.size()));
  }

  private void remove(PartitionHandle handle) {
    removals.put(handle.partition(), Optional.empty());
    switch (handle) {
      case LocalPartition local -> {
        LoopOfPartitions home = home(local.partition());
        local
            .loop()
            .execute(
                () -> {
                  home.owned().remove(local);
                  local.owner().stop(ErrorCode.UNKNOWN_PARTITION, "the replica was removed");
                  discard(local, local.directory());
                });
      }
      case FailedPartition failed when failed.directory() != null ->
          discard(failed, failed.directory());
      default -> removed(handle.partition());
    }
  }

  private void discard(PartitionHandle handle, LogDirectory directory) {
    if (settlement.keeps(handle.partition(), directory)) {
      settlement.keepAside(handle, directory, () -> removed(handle.partition()));
      return;
    }
    directory.remove(
        handle.partition(),
        handle.name().topic(),
        () -> {
          log.info("{}: removed", handle.name());
          removed(handle.partition());
          try {
            shared.readPool().execute(() -> deleteRemoved(directory));
          } catch (JangadaException e) {
            log.warn("no thread to remove the files of {}; the next start does it", handle.name());
          }
        });
  }

  private void removed(TopicIdPartition id) {
    settlement.ended(id);
    synchronized (lock) {
      Optional<Awaited> awaited = removals.remove(id);
      if (awaited != null) {
        awaited.ifPresent(this::assign);
      }
    }
  }

  // ---- repair (rule 21)

  /** The damaged replica and what is to be done about it. */
  private record Repair(
      TopicIdPartition id, String damage, LogDirectory directory, PartitionHandle handle) {}

  /** The quorum is being told that it cannot count on these. Any thread; only enqueues. */
  void lost(Set<TopicIdPartition> replicas) {
    synchronized (lock) {
      for (TopicIdPartition id : replicas) {
        Awaited assigned = latest.get(id);
        if (assigned != null) {
          repairs.told(id, assigned.assigned().assignment());
        }
      }
    }
    replicas.forEach(this::considerRepair);
  }

  /** Has a damaged replica fetched anew if that can be done now. Any thread; only enqueues. */
  void considerRepair(TopicIdPartition id) {
    Repair repair;
    Repairs.Decision decision;
    synchronized (lock) {
      Awaited assigned = latest.get(id);
      PartitionHandle handle = partitions.get(id);
      repair = handle == null ? null : repairOf(handle);
      if (repair == null
          || assigned == null
          || assigned.brokerEpoch() < 0
          || repair.directory().failed()) {
        return;
      }
      decision = repairs.decide(id, assigned.assigned().assignment());
      if (decision == Repairs.Decision.REBUILD) {
        partitions.remove(id);
        removals.put(id, Optional.of(assigned));
        toRebuild.put(id, repair.directory());
      }
    }
    switch (decision) {
      case WAIT -> {}
      case NOBODY_LEADS ->
          log.error(
              "{}: the replica in {} is damaged, and no other one leads from which it could be"
                  + " fetched. Nothing is lost by itself: see to it that a broker with another"
                  + " replica comes back, or accept the loss with jangada leader elect"
                  + " --from-last-known (docs/OPERATING.md). Found: {}",
              repair.handle().name(),
              repair.directory().config().path(),
              repair.damage());
      case RELINQUISH ->
          shared.lost().accept(new LostReplicas(Set.of(id), repair.damage(), Optional.empty()));
      case GIVE_UP ->
          log.error(
              "{}: damaged again after {} repairs, it stays offline; check the disk of {}: {}",
              repair.handle().name(),
              Repairs.MAX_REPAIRS,
              repair.directory().config().path(),
              repair.damage());
      case REBUILD -> begin(repair);
    }
  }

  private static @Nullable Repair repairOf(PartitionHandle handle) {
    return switch (handle) {
      case LocalPartition local when !local.damage().isEmpty() ->
          new Repair(local.partition(), local.damage(), local.directory(), local);
      case FailedPartition failed when failed.directory() != null ->
          new Repair(failed.partition(), failed.reason(), failed.directory(), failed);
      default -> null;
    };
  }

  private void begin(Repair repair) {
    if (repair.handle() instanceof LocalPartition local) {
      LoopOfPartitions home = home(local.partition());
      local
          .loop()
          .execute(
              () -> {
                home.owned().remove(local);
                local.owner().stop(ErrorCode.STORAGE_ERROR, repair.damage());
                setAsideSoon(repair);
              });
    } else {
      setAsideSoon(repair);
    }
  }

  private void setAsideSoon(Repair repair) {
    try {
      shared.readPool().execute(() -> setAside(repair));
    } catch (JangadaException e) {
      log.info("{}: no thread to repair it yet", repair.handle().name(), e);
      EventLoop loop = home(repair.id()).loop();
      loop.execute(() -> loop.schedule(RETRY_NANOS, () -> setAsideSoon(repair)));
    }
  }

  private void setAside(Repair repair) {
    LogDirectory directory = repair.directory();
    DirectoryLog damaged =
        repair.handle() instanceof LocalPartition local ? local.directoryLog() : null;
    log.error(
        "{}: fetching the replica anew from the leader, because {}",
        repair.handle().name(),
        repair.damage());
    try {
      directory.setAside(
          repair.id(),
          repair.handle().name().topic(),
          damaged,
          () -> {
            shared.metrics().quarantined();
            removed(repair.id());
            shared.readPool().execute(() -> trimQuarantine(directory));
          });
    } catch (IOException e) {
      log.warn("{}: cannot set the damaged log aside yet", repair.handle().name(), e);
      EventLoop loop = home(repair.id()).loop();
      loop.execute(() -> loop.schedule(RETRY_NANOS, () -> setAsideSoon(repair)));
    }
  }

  private static void trimQuarantine(LogDirectory directory) {
    try {
      directory.trimQuarantine();
    } catch (IOException e) {
      log.warn("cannot keep the quarantine of {} in bounds; the next start does", directory, e);
    }
  }

  private static void deleteRemoved(LogDirectory directory) {
    try {
      directory.deleteRemoved();
    } catch (IOException e) {
      log.warn("cannot remove files in {}; the next start tries again", directory, e);
    }
  }

  /** Rule 22: every replica in the directory answers STORAGE_ERROR from now on. */
  Set<TopicIdPartition> failDirectory(UUID directoryId, String reason) {
    Set<TopicIdPartition> lost = new HashSet<>();
    for (LocalPartition each : locals()) {
      if (each.directory().config().id().equals(directoryId)) {
        lost.add(each.partition());
        each.loop().execute(() -> each.owner().stop(ErrorCode.STORAGE_ERROR, reason));
      }
    }
    return lost;
  }

  /** Answers what waits. */
  void stopAll(ErrorCode code, String reason) {
    for (LoopOfPartitions each : loops) {
      each.loop()
          .execute(
              () -> {
                for (LocalPartition partition : each.owned()) {
                  partition.loop().guard(() -> partition.owner().stop(code, reason));
                }
              });
    }
  }

  /** Runs what is queued and ends the threads. Blocks. */
  void closeLoops() {
    loops.forEach(each -> each.loop().close());
  }

  List<LocalPartition> locals() {
    List<LocalPartition> locals = new ArrayList<>();
    for (PartitionHandle handle : partitions.values()) {
      if (handle instanceof LocalPartition local) {
        locals.add(local);
      }
    }
    return locals;
  }

  /** Tasks that wait for loops. */
  int mailboxDepth() {
    return loops.stream().mapToInt(each -> each.loop().depth()).sum();
  }

  long ledPartitions() {
    return locals().stream().filter(LocalPartitions::leads).count();
  }

  long underReplicatedPartitions() {
    return locals().stream()
        .filter(LocalPartitions::leads)
        .filter(each -> each.status().isr().size() < each.status().replicas())
        .count();
  }

  private static boolean leads(LocalPartition partition) {
    return partition.status().role() == ReplicaRole.Kind.LEADER;
  }
}
