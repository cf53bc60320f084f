// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import io.jangada.replication.core.PartitionReplica;
import io.jangada.replication.core.RecoveredLog;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions and the loops that own them. */
final class LocalPartitions implements PartitionRegistry {
  private static final Logger log = LoggerFactory.getLogger(LocalPartitions.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RETENTION_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ReplicationConfig config;
  private final Shared shared;
  private final LogDirectories directories;
  private final List<LoopOfPartitions> loops = new ArrayList<>();
  private final Map<TopicIdPartition, PartitionHandle> partitions = new ConcurrentHashMap<>();

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
    this.shared = shared;
    this.directories = directories;
    for (EventLoop loop : loops) {
      this.loops.add(new LoopOfPartitions(loop, new ArrayList<>()));
    }
  }

  /** An assignment that comes too early. */
  private record Awaited(HostedAssignment assigned, long brokerEpoch) {}

  /** Takes what recovery has found, then starts the loops. */
  Map<TopicIdPartition, RecoveredReplica> start() {
    Map<TopicIdPartition, RecoveredReplica> verdicts = new HashMap<>();
    for (LogDirectory directory : directories.all()) {
      UUID id = directory.config().id();
      for (FoundLog found : directory.found()) {
        TopicPartition name = new TopicPartition(found.topic(), found.partition().partition());
        switch (found) {
          case FoundLog.Usable usable -> {
            partitions.put(
                usable.partition(), host(name, TopicSettings.DEFAULT, directory, usable));
            verdicts.put(
                usable.partition(),
                new RecoveredReplica(
                    usable.doubt().isEmpty()
                        ? RecoveredReplica.Verdict.WHOLE
                        : RecoveredReplica.Verdict.SUSPECT,
                    usable.doubt(),
                    id,
                    usable.synced()));
          }
          case FoundLog.Damaged damaged -> {
            partitions.put(
                damaged.partition(),
                new FailedPartition(damaged.partition(), name, damaged.reason(), directory));
            verdicts.put(
                damaged.partition(),
                new RecoveredReplica(RecoveredReplica.Verdict.DAMAGED, damaged.reason(), id, true));
          }
        }
      }
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
    for (HostedAssignment assigned : update.assigned()) {
      Awaited awaited = new Awaited(assigned, update.brokerEpoch());
      boolean beingRemoved =
          removals.computeIfPresent(assigned.partition(), (id, older) -> Optional.of(awaited))
              != null;
      if (!beingRemoved) {
        assign(awaited);
      }
    }
    for (TopicIdPartition removed : update.removed()) {
      PartitionHandle handle = partitions.remove(removed);
      if (handle == null) {
        removals.computeIfPresent(removed, (id, older) -> Optional.empty());
      } else {
        remove(handle);
      }
    }
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
    Optional<LogDirectory> directory = directories.forNewLog();
    if (directory.isEmpty()) {
      return new FailedPartition(id, name, "every log directory has failed", null);
    }
    DirectoryLog log = directory.get().create(id, assigned.topicName());
    FoundLog.Usable fresh = new FoundLog.Usable(log, RecoveredLog.empty(), "", true);
    return host(name, assigned.settings(), directory.get(), fresh);
  }

  private LocalPartition host(
      TopicPartition name, TopicSettings settings, LogDirectory directory, FoundLog.Usable found) {
    LoopOfPartitions home = home(found.partition());
    PartitionReplica replica =
        new PartitionReplica(found.partition(), config.brokerId(), config.replica(), found.state());
    LocalPartition partition =
        new LocalPartition(replica, name, settings, directory, found.log(), shared, home.loop());
    found.log().owner(partition);
    home.loop().execute(() -> home.owned().add(partition));
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
    Optional<Awaited> awaited = removals.remove(id);
    if (awaited != null) {
      awaited.ifPresent(this::assign);
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
