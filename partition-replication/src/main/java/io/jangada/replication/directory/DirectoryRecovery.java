// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.journal.JournalReader;
import io.jangada.replication.journal.JournalScan;
import io.jangada.replication.journal.JournalTail;
import io.jangada.replication.journal.JournalVerdict;
import io.jangada.replication.journal.JournalVisitor;
import io.jangada.replication.log.LogConfig;
import io.jangada.replication.log.LogRecovery;
import io.jangada.replication.log.OpenFiles;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.ReachedState;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.manifest.ManifestContent;
import io.jangada.replication.manifest.ManifestEntry;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the logs of a directory back: what the manifest says, then what the journal has beyond
 * that. Used once, by one thread; blocks.
 */
final class DirectoryRecovery {
  private static final Logger logger = LoggerFactory.getLogger(DirectoryRecovery.class);

  private final Path directory;
  private final OpenFiles openFiles;
  private final Storage storage;
  private final TailCache cache;
  private final PendingFlushes flushes;
  private final ByteBuffer slab;
  private final long maxPendingBytes;
  private final int threads;
  private final Map<TopicIdPartition, RecoveringLog> logs = new HashMap<>();
  private final Map<TopicIdPartition, Path> directories = new HashMap<>();
  private final Map<TopicIdPartition, ManifestEntry> entries = new HashMap<>();
  private long namedSequence;
  private long highestNumber;
  private boolean manifestLost;

  DirectoryRecovery(
      Path directory,
      OpenFiles openFiles,
      Storage storage,
      TailCache cache,
      PendingFlushes flushes,
      ByteBuffer slab,
      long maxPendingBytes,
      int threads) {
    this.directory = directory;
    this.openFiles = openFiles;
    this.storage = storage;
    this.cache = cache;
    this.flushes = flushes;
    this.slab = slab;
    this.maxPendingBytes = maxPendingBytes;
    this.threads = threads;
  }

  /**
   * What was found.
   *
   * @param logs of the directory
   * @param manifest the entry of each log that can be used, as it is on the disk now
   * @param damaged logs that cannot, with the reason
   * @param journal what was found in it
   * @param namedSequence of the manifest, that the journal names
   * @param highestNumber that any journal entry may ever have had
   * @param doubt why any log may have had more than it has; empty if there is no doubt
   * @param tail behind which the journal has to go on; null if nothing in it is needed any more
   */
  record Result(
      List<RecoveringLog> logs,
      List<ManifestEntry> manifest,
      Map<TopicIdPartition, String> damaged,
      JournalScan journal,
      long namedSequence,
      long highestNumber,
      String doubt,
      @Nullable JournalTail tail) {}

  /** Does it all, but for the manifest, which the caller has to write with what is returned. */
  Result run(ManifestContent manifest, JournalReader reader) throws IOException {
    long beganNanos = System.nanoTime();
    listDirectories();
    reader.scan(new Look());
    boolean usable = manifest.reaches(namedSequence);
    manifestLost = !usable;
    if (!usable) {
      logger.error(
          "{}: the manifest cannot be used: {}; putting the logs together from their segments",
          directory,
          problemOf(manifest));
      logs.clear();
    }
    ManifestContent known = usable ? manifest : ManifestContent.NONE;
    known
        .entries()
        .forEach(
            (id, entry) ->
                logs.put(id, RecoveringLog.of(id, entry.topicName(), entry.checkpoint())));
    JournalScan scan = reader.scan(new Survey());
    highestNumber = Math.max(scan.highestNumber(), manifest.journal().number());
    known
        .entries()
        .values()
        .forEach(each -> highestNumber = Math.max(highestNumber, each.checkpoint().number()));
    directories.forEach(
        (id, path) ->
            logs.computeIfAbsent(
                id, unknown -> RecoveringLog.unknown(id, topicOf(path), manifestLost)));
    finishRemovals();
    known.damaged().forEach(this::damaged);
    reportStrays();
    openAll();
    reader.scan(new Replay());
    JournalTail tail = usable ? scan.tail() : null;
    finish(known, tail != null);
    String doubt = doubt(scan, usable, manifest);
    logger.info(
        "{}: {} logs recovered in {} ms; {} journal entries, {} bytes; {}",
        directory,
        logs.size(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos),
        scan.entries(),
        scan.bytes(),
        scan.verdict());
    scan.remarks().forEach(remark -> logger.warn("{}: {}", directory, remark));
    Map<TopicIdPartition, String> damaged = new HashMap<>();
    logs.forEach(
        (id, log) -> {
          if (!log.damage().isEmpty()) {
            damaged.put(id, log.damage());
          }
        });
    return new Result(
        List.copyOf(logs.values()),
        List.copyOf(entries.values()),
        damaged,
        scan,
        namedSequence,
        highestNumber,
        doubt,
        tail);
  }

  private String problemOf(ManifestContent manifest) {
    return manifest.problem().isEmpty()
        ? "expected transaction "
            + namedSequence
            + ", which the journal names, but the last sound one is "
            + manifest.sequence()
        : manifest.problem();
  }

  private static String doubt(JournalScan scan, boolean manifestUsable, ManifestContent manifest) {
    String ofJournal =
        switch (scan.verdict()) {
          case JournalVerdict.Clean ignored -> "";
          case JournalVerdict.TornTail torn ->
              torn.suspect() ? "the journal's end may be damaged: " + torn.reason() : "";
          case JournalVerdict.Corrupt corrupt ->
              "the journal is damaged at " + corrupt.place() + ": " + corrupt.reason();
        };
    if (!ofJournal.isEmpty()) {
      return ofJournal;
    }
    return manifestUsable ? "" : "the manifest was lost or damaged; " + manifest.problem();
  }

  private void listDirectories() throws IOException {
    for (Path path : storage.list(directory)) {
      if (PartitionDirectory.isDeleted(path)) {
        delete(storage, path);
      } else {
        Optional<PartitionDirectory> found = PartitionDirectory.parse(path);
        found.ifPresent(each -> directories.put(each.partition(), path));
      }
    }
  }

  private static String topicOf(Path path) {
    return PartitionDirectory.parse(path).map(each -> each.name().topic()).orElse("?");
  }

  /** While the journal still says so: without it, what is left would look like a log. */
  private void finishRemovals() throws IOException {
    boolean any = false;
    for (RecoveringLog each : List.copyOf(logs.values())) {
      Path path = directories.get(each.partition());
      if (each.isGone()) {
        logs.remove(each.partition());
        if (path != null) {
          storage.replace(path, PartitionDirectory.deleted(path, System.nanoTime()));
          any = true;
        }
      }
    }
    if (any) {
      storage.syncDirectory(directory);
      for (Path path : storage.list(directory)) {
        if (PartitionDirectory.isDeleted(path)) {
          delete(storage, path);
        }
      }
    }
  }

  private void damaged(TopicIdPartition id, String reason) {
    RecoveringLog log = logs.get(id);
    if (log != null) {
      log.damaged(reason);
    }
  }

  private void reportStrays() {
    for (RecoveringLog each : logs.values()) {
      if (each.isStray(directories.containsKey(each.partition()))) {
        each.damaged("the journal has entries of the log, but nothing says that it was created");
      }
    }
  }

  private void openAll() throws IOException {
    List<Future<?>> running = new ArrayList<>();
    long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("jangada-recovery-", 0).factory())) {
      for (RecoveringLog each : logs.values()) {
        if (each.damage().isEmpty()) {
          running.add(
              pool.submit(
                  () -> {
                    each.open(recoveryOf(each), nowMs);
                    return null;
                  }));
        }
      }
    }
    for (Future<?> each : running) {
      join(each);
    }
  }

  private LogRecovery recoveryOf(RecoveringLog log) {
    Path path =
        directories.getOrDefault(
            log.partition(), PartitionDirectory.path(directory, log.partition(), log.topic()));
    return new LogRecovery(openFiles, path, LogConfig.DEFAULT, cache, flushes, log);
  }

  private static void join(Future<?> future) throws IOException {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException("the recovery of a log failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while recovering", e);
    }
  }

  private void relieve() throws IOException {
    while (flushes.bytes() > maxPendingBytes) {
      Optional<PartitionLog> largest = flushes.largest();
      if (largest.isEmpty()) {
        return;
      }
      largest.get().flush(slab, false);
    }
  }

  /**
   * Puts down the state of every log that changed.
   *
   * @param goesOn whether the journal will, so that what is in it may stay there: else a start
   *     would write and sync the files of each log that had a single batch in the journal
   */
  private void finish(ManifestContent known, boolean goesOn) throws IOException {
    List<Future<?>> syncs = new ArrayList<>();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("jangada-recovery-sync-", 0).factory())) {
      for (RecoveringLog each : logs.values()) {
        PartitionLog log = each.log();
        ManifestEntry before = known.entries().get(each.partition());
        boolean stays =
            log == null
                || !each.damage().isEmpty()
                || (before != null && !each.isChanged())
                || (goesOn && each.staysInJournal());
        if (stays && before != null) {
          entries.put(each.partition(), before);
        } else if (!stays) {
          each.finish(highestNumber);
          ReachedState reached = log.flush(slab, false).orElseThrow();
          each.reached(reached);
          entries.put(
              each.partition(),
              new ManifestEntry(each.partition(), each.topic(), reached.checkpoint()));
          syncs.add(
              pool.submit(
                  () -> {
                    log.sync();
                    return null;
                  }));
        }
      }
    }
    for (Future<?> each : syncs) {
      join(each);
    }
  }

  /** Removes a partition's directory. */
  static void delete(Storage storage, Path directory) throws IOException {
    for (Path file : storage.list(directory)) {
      storage.delete(file);
    }
    storage.delete(directory);
  }

  /** A visitor that cares for some entries only. */
  private abstract static class Visitor implements JournalVisitor {
    @Override
    public void created(long number, TopicIdPartition id, String topic) {}

    @Override
    public void batches(long number, TopicIdPartition id, ByteBuffer batches) throws IOException {}

    @Override
    public void truncated(long number, TopicIdPartition id, long toOffset) {}

    @Override
    public void reset(long number, TopicIdPartition id, long offset) {}

    @Override
    public void logStart(long number, TopicIdPartition id, long offset) {}

    @Override
    public void removed(long number, TopicIdPartition id) {}
  }

  /** Learns which transaction the manifest must have. */
  private final class Look extends Visitor {
    @Override
    public void logStart(long number, TopicIdPartition id, long offset) {
      if (id.equals(Checkpoints.MANIFEST)) {
        namedSequence = Math.max(namedSequence, offset);
      }
    }
  }

  /** Learns from where on the entries of each log matter. */
  private final class Survey extends Visitor {
    private RecoveringLog of(TopicIdPartition id) {
      return logs.computeIfAbsent(
          id,
          unknown -> {
            Path path = directories.get(id);
            return RecoveringLog.unknown(
                id, path == null ? "?" : topicOf(path), manifestLost && path != null);
          });
    }

    @Override
    public void created(long number, TopicIdPartition id, String topic) {
      of(id).lookCreated(number, topic);
    }

    @Override
    public void batches(long number, TopicIdPartition id, ByteBuffer batches) {
      of(id);
    }

    @Override
    public void truncated(long number, TopicIdPartition id, long toOffset) {
      of(id).lookTruncated(number, toOffset);
    }

    @Override
    public void reset(long number, TopicIdPartition id, long offset) {
      of(id).lookReset(number, offset);
    }

    @Override
    public void logStart(long number, TopicIdPartition id, long offset) {
      if (!id.equals(Checkpoints.MANIFEST)) {
        of(id).lookLogStart(number, offset);
      }
    }

    @Override
    public void removed(long number, TopicIdPartition id) {
      of(id).lookRemoved(number);
    }
  }

  /** Does it all again. */
  private final class Replay extends Visitor {
    private final long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

    private void on(TopicIdPartition id, java.util.function.Consumer<RecoveringLog> action) {
      RecoveringLog log = logs.get(id);
      if (log != null) {
        action.accept(log);
      }
    }

    @Override
    public void batches(long number, TopicIdPartition id, ByteBuffer batches) throws IOException {
      on(id, log -> log.replayBatches(number, batches, nowMs));
      relieve();
    }

    @Override
    public void truncated(long number, TopicIdPartition id, long toOffset) {
      on(id, log -> log.replayTruncated(number, toOffset));
    }

    @Override
    public void reset(long number, TopicIdPartition id, long offset) {
      on(id, log -> log.replayReset(number, offset));
    }

    @Override
    public void logStart(long number, TopicIdPartition id, long offset) {
      on(id, log -> log.replayLogStart(number, offset));
    }
  }
}
