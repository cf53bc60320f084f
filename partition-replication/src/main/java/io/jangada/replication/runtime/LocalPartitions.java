// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import io.jangada.replication.core.PartitionEvent;
import io.jangada.replication.core.PartitionReplica;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.loop.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions and the loops that own them. */
final class LocalPartitions implements PartitionRegistry {
  private static final Logger log = LoggerFactory.getLogger(LocalPartitions.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReplicationConfig config;
  private final Shared shared;
  private final TailCache cache;
  private final List<LoopOfPartitions> loops = new ArrayList<>();
  private final Map<TopicIdPartition, PartitionHandle> partitions = new ConcurrentHashMap<>();
  private final Map<TopicIdPartition, CompletableFuture<Void>> removals = new ConcurrentHashMap<>();
  private volatile boolean storageFailed;

  /** A loop and what it owns; the list is the loop's own. */
  private record LoopOfPartitions(EventLoop loop, List<LocalPartition> owned) {
    void tick() {
      for (int i = 0; i < owned.size(); i++) {
        owned.get(i).owner().step(new PartitionEvent.Tick());
      }
      loop.schedule(TICK_NANOS, this::tick);
    }
  }

  LocalPartitions(ReplicationConfig config, Shared shared, TailCache cache) {
    this.config = config;
    this.shared = shared;
    this.cache = cache;
    for (int i = 0; i < config.eventLoops(); i++) {
      EventLoop loop = new EventLoop("jangada-partitions-" + i, config.limits().queuedAppends());
      loops.add(new LoopOfPartitions(loop, new ArrayList<>()));
    }
  }

  /** Recovers what is on disk, then starts the loops. Blocks. */
  void start() throws IOException {
    LogDirectoryRecovery recovery =
        new LogDirectoryRecovery(config, shared.storage(), cache, shared.metrics());
    for (LogDirectoryRecovery.Recovered found : recovery.run()) {
      switch (found) {
        case LogDirectoryRecovery.Sound sound ->
            partitions.put(
                sound.partition(),
                host(sound.partition(), sound.name(), TopicSettings.DEFAULT, sound.log()));
        case LogDirectoryRecovery.Unsound unsound ->
            partitions.put(
                unsound.partition(),
                new FailedPartition(unsound.partition(), unsound.name(), unsound.reason()));
      }
    }
    for (LoopOfPartitions each : loops) {
      each.loop().schedule(TICK_NANOS, each::tick);
      each.loop().start();
    }
  }

  /** What is there, right after the start. */
  Map<TopicIdPartition, RecoveredReplica> verdicts() {
    Map<TopicIdPartition, RecoveredReplica> verdicts = new HashMap<>();
    partitions.forEach(
        (id, handle) ->
            verdicts.put(
                id,
                handle instanceof FailedPartition failed
                    ? new RecoveredReplica(RecoveredReplica.Verdict.DAMAGED, failed.reason())
                    : RecoveredReplica.WHOLE));
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
      PartitionHandle handle = partitions.get(assigned.partition());
      if (handle == null) {
        handle = create(assigned);
        partitions.put(assigned.partition(), handle);
      }
      if (registered && handle instanceof LocalPartition local) {
        local.assigned(assigned, update.brokerEpoch());
      }
    }
    for (TopicIdPartition removed : update.removed()) {
      if (partitions.remove(removed) instanceof LocalPartition local) {
        remove(local);
      }
    }
    for (LoopOfPartitions each : loops) {
      each.loop()
          .execute(
              () -> {
                for (LocalPartition partition : each.owned()) {
                  partition.owner().metadataAdvanced(update.metadataIndex());
                }
              });
    }
  }

  private PartitionHandle create(HostedAssignment assigned) {
    TopicPartition name =
        new TopicPartition(assigned.topicName(), assigned.partition().partition());
    if (storageFailed) {
      return new FailedPartition(assigned.partition(), name, "the log directory has failed");
    }
    Path directory =
        PartitionDirectory.path(config.logDirectory(), assigned.partition(), assigned.topicName());
    try {
      RecoveredPartitionLog opened =
          RecoveredPartitionLog.open(
              shared.storage(), directory, assigned.settings().segmentBytes(), cache);
      return host(assigned.partition(), name, assigned.settings(), opened);
    } catch (IOException e) {
      shared.onStorageFailure().accept(e);
      return new FailedPartition(assigned.partition(), name, String.valueOf(e));
    }
  }

  private LocalPartition host(
      TopicIdPartition id, TopicPartition name, TopicSettings settings, RecoveredPartitionLog log) {
    LoopOfPartitions home = home(id);
    PartitionReplica replica =
        new PartitionReplica(id, config.brokerId(), config.replica(), log.recovered());
    LocalPartition partition =
        new LocalPartition(replica, name, settings, log.log(), shared, home.loop());
    home.loop().execute(() -> home.owned().add(partition));
    return partition;
  }

  private LoopOfPartitions home(TopicIdPartition id) {
    return loops.get(Math.floorMod(id.hashCode(), loops.size()));
  }

  private void remove(LocalPartition partition) {
    LoopOfPartitions home = home(partition.partition());
    CompletableFuture<Void> removal = new CompletableFuture<>();
    removals.put(partition.partition(), removal);
    home.loop()
        .execute(
            () -> {
              home.owned().remove(partition);
              partition.owner().stop(ErrorCode.UNKNOWN_PARTITION, "the replica was removed");
              try {
                discard(partition);
              } catch (IOException e) {
                shared.onStorageFailure().accept(e);
              }
              removals.remove(partition.partition());
              removal.complete(null);
            });
  }

  private void discard(LocalPartition partition) throws IOException {
    Path directory = partition.log().directory();
    Path doomed = PartitionDirectory.deleted(directory, System.nanoTime());
    partition.log().discard();
    shared.storage().replace(directory, doomed);
    log.info("{}: removed", partition);
    try {
      shared.readPool().execute(() -> delete(doomed));
    } catch (JangadaException e) {
      log.warn("no thread to remove {}; the next start does it", doomed, e);
    }
  }

  private void delete(Path directory) {
    try {
      LogDirectoryRecovery.delete(shared.storage(), directory);
    } catch (IOException e) {
      log.warn("cannot remove {}; the next start tries again", directory, e);
    }
  }

  boolean storageFailed() {
    return storageFailed;
  }

  /** Rule 22: every replica in the directory answers STORAGE_ERROR from now on. */
  void failStorage() {
    storageFailed = true;
    stopAll(ErrorCode.STORAGE_ERROR, "the log directory has failed");
  }

  /** Answers what waits. */
  void stopAll(ErrorCode code, String reason) {
    for (LoopOfPartitions each : loops) {
      each.loop()
          .execute(() -> each.owned().forEach(partition -> partition.owner().stop(code, reason)));
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
