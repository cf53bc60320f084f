// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.grpc.ServerServiceDefinition;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.loop.EventLoop;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.transport.LeaderLinks;
import io.jangada.replication.transport.PushService;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions of one broker with all their threads, wired together. */
final class LocalReplication implements ReplicationRuntime {
  private static final Logger log = LoggerFactory.getLogger(LocalReplication.class);
  private static final long DISK_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_OPEN_FILES = 256;

  private final ReplicationConfig config;
  private final Storage storage;
  private final Admission admission;
  private final ReadPool readPool;
  private final EventLoop streams;
  private final LeaderLinks links;
  private final TailCache cache;
  private final ReplicationMetrics metrics;
  private final LogDirectories directories;
  private final LocalPartitions partitions;
  private final PushService pushService;
  private final LogCleaner cleaner;
  private final CompletableFuture<IOException> storageFailure = new CompletableFuture<>();
  private final CompletableFuture<Throwable> defect = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final LostReplicaListeners listeners = new LostReplicaListeners();
  private Map<TopicIdPartition, RecoveredReplica> recovered = Map.of();

  LocalReplication(
      ReplicationConfig config,
      Storage storage,
      IsrProposals isrProposals,
      BrokerDirectory brokers,
      CollectorRegistry registry) {
    ReplicationLimits limits = config.limits();
    metrics = new ReplicationMetrics(registry);
    cache = new TailCache(limits.tailCacheBytes());
    this.config = config;
    this.storage = storage;
    admission = new Admission(ReplicationTuning.of(config));
    readPool = new ReadPool("jangada-log-read", config.readThreads(), limits.queuedReads());
    List<EventLoop> loops = new ArrayList<>();
    for (int i = 0; i < config.eventLoops(); i++) {
      loops.add(new EventLoop("jangada-partitions-" + i, limits.queuedAppends(), this::defect));
    }
    streams = loops.getFirst();
    links =
        new LeaderLinks(
            config.brokerId(), streams, brokers::grpcAddress, limits.streamCreditBytes(), metrics);
    directories = new LogDirectories(storage, MAX_OPEN_FILES);
    Shared shared =
        new Shared(
            config.brokerId(),
            links,
            isrProposals,
            readPool,
            admission,
            metrics,
            directories,
            this::lost);
    partitions = new LocalPartitions(config, loops, shared, directories);
    pushService = new PushService(streams, partitions::findLocal, metrics);
    cleaner = new LogCleaner(partitions::locals, limits, metrics);
    registerGauges();
  }

  private void registerGauges() {
    metrics.gauge(
        "jangada_partition_mailbox_depth",
        "Tasks that wait for the threads that own partitions.",
        partitions::mailboxDepth);
    metrics.gauge("jangada_partitions_led", "Partitions led here.", partitions::ledPartitions);
    metrics.gauge(
        "jangada_under_replicated_partitions",
        "Partitions led here whose ISR is smaller than their replicas.",
        partitions::underReplicatedPartitions);
    metrics.gauge("jangada_tail_cache_bytes", "Newest batches kept in memory.", cache::bytes);
    metrics.gauge(
        "jangada_append_waiting_bytes",
        "Batches that wait for a thread or for acknowledgements.",
        admission::appendBytes);
    metrics.gauge(
        "jangada_parked_readers",
        "Readers that wait for the high watermark.",
        admission::parkedReaders);
    metrics.gauge(
        "jangada_oldest_sync_age_seconds",
        "Age of the oldest unfinished sync.",
        () -> directories.oldestSyncAgeMs() / 1e3);
    metrics.gauge(
        "jangada_segment_waiting_bytes",
        "Batches in the journal that wait in memory for their segments.",
        directories::pendingBytes);
    metrics.gauge(
        "jangada_quarantined_bytes",
        "Damaged logs that are kept for people to look at.",
        directories::quarantinedBytes);
    metrics.gauge(
        "jangada_kept_aside_logs",
        "Logs that the metadata did not know, moved aside for people to decide about.",
        directories::keptAside);
    metrics.gauge(
        "jangada_open_segment_files", "Segment files that are open.", directories::openFiles);
  }

  /** Recovers the logs and starts the threads. Blocks. */
  void start() throws IOException {
    Map<LogDirectoryConfig, IOException> unusable =
        directories.open(config.logDirectories(), storage, cache, metrics, this::directoryFailed);
    streams.schedule(DISK_CHECK_NANOS, this::checkDisk);
    recovered = partitions.start();
    unusable.forEach(this::directoryFailed);
    directories.measureRoom(config.limits().diskReserveBytes());
    cleaner.start();
  }

  private void checkDisk() {
    try {
      readPool.execute(() -> directories.measureRoom(config.limits().diskReserveBytes()));
    } catch (JangadaException e) {
      log.debug("too many reads to look at the disk; next time", e);
    }
    streams.schedule(DISK_CHECK_NANOS, this::checkDisk);
  }

  private void directoryFailed(LogDirectoryConfig directory, IOException e) {
    log.error("the log directory {} has failed and is not used any more", directory.path(), e);
    String reason = "the log directory " + directory.path() + " has failed: " + e;
    if (directories.allFailed()) {
      storageFailure.complete(e);
    }
    Set<TopicIdPartition> replicas = partitions.failDirectory(directory.id(), reason);
    lost(new LostReplicas(replicas, reason, Optional.of(directory.id())));
  }

  private void defect(Throwable e) {
    log.error("a defect that is no single partition's or stream's", e);
    metrics.defect("event-loop");
    defect.complete(e);
  }

  private void lost(LostReplicas replicas) {
    log.error(
        "{} replicas cannot be served any more: {}", replicas.replicas().size(), replicas.reason());
    listeners.lost(replicas);
    partitions.lost(replicas.replicas());
  }

  @Override
  public PartitionRegistry registry() {
    return partitions;
  }

  @Override
  public ServerServiceDefinition service() {
    return pushService.definition(
        request -> ReplicaDescriptions.describe(partitions, request),
        request -> RecordDeletions.delete(partitions, request));
  }

  @Override
  public Map<TopicIdPartition, RecoveredReplica> recovered() {
    return recovered;
  }

  @Override
  public void recoveryReported() {
    directories.settleDoubts();
  }

  @Override
  public void onReplicasLost(Consumer<LostReplicas> listener) {
    listeners.add(listener);
  }

  @Override
  public void tune(ReplicationTuning tuning) {
    admission.tune(tuning);
    partitions.lagTime(tuning.lagTimeMaxMs());
  }

  @Override
  public long oldestSyncAgeMs() {
    return directories.oldestSyncAgeMs();
  }

  @Override
  public Map<UUID, Path> logDirectories() {
    return directories.inUse();
  }

  @Override
  public CompletionStage<IOException> storageFailure() {
    return storageFailure.minimalCompletionStage();
  }

  @Override
  public CompletionStage<Throwable> defect() {
    return defect.minimalCompletionStage();
  }

  @Override
  public boolean storageFailed() {
    return storageFailure.isDone();
  }

  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    cleaner.close();
    partitions.stopAll(ErrorCode.SHUTTING_DOWN, "the broker is shutting down");
    pushService.close();
    links.close();
    partitions.closeLoops();
    readPool.close();
    directories.close();
  }
}
