// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import io.jangada.replication.log.CorruptLogException;
import io.jangada.replication.log.RecoveryReport;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens every log of a directory, several at a time, and finishes removals. */
final class LogDirectoryRecovery {
  private static final Logger logger = LoggerFactory.getLogger(LogDirectoryRecovery.class);

  private final ReplicationConfig config;
  private final Storage storage;
  private final TailCache cache;
  private final ReplicationMetrics metrics;

  /** What became of one partition's log. */
  sealed interface Recovered {}

  /** It is open. */
  record Sound(TopicIdPartition partition, TopicPartition name, RecoveredPartitionLog log)
      implements Recovered {}

  /** What had been durable is damaged; nothing was touched. */
  record Unsound(TopicIdPartition partition, TopicPartition name, String reason)
      implements Recovered {}

  LogDirectoryRecovery(
      ReplicationConfig config, Storage storage, TailCache cache, ReplicationMetrics metrics) {
    this.config = config;
    this.storage = storage;
    this.cache = cache;
    this.metrics = metrics;
  }

  /** Does it; blocks. */
  List<Recovered> run() throws IOException {
    storage.createDirectories(config.logDirectory());
    List<Future<Recovered>> running = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            config.readThreads(), Thread.ofPlatform().name("jangada-recovery-", 0).factory())) {
      for (Path directory : storage.list(config.logDirectory())) {
        Optional<PartitionDirectory> found = PartitionDirectory.parse(directory);
        if (PartitionDirectory.isDeleted(directory)) {
          delete(storage, directory);
        } else if (found.isPresent()) {
          running.add(threads.submit(() -> recover(found.get(), directory)));
        } else {
          logger.warn("{} is no partition's directory; leaving it alone", directory);
        }
      }
    }
    List<Recovered> recovered = new ArrayList<>();
    for (Future<Recovered> each : running) {
      recovered.add(outcome(each));
    }
    return recovered;
  }

  private static Recovered outcome(Future<Recovered> future) throws IOException {
    try {
      return future.get();
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

  private Recovered recover(PartitionDirectory found, Path directory) throws IOException {
    try {
      RecoveredPartitionLog log =
          RecoveredPartitionLog.open(
              storage, directory, TopicSettings.DEFAULT.segmentBytes(), cache);
      RecoveryReport report = log.log().recoveryReport();
      if (report.truncated()) {
        metrics.tornTail(report.truncatedBytes());
        logger.warn(
            "{}: cut a torn tail of {} bytes at offset {}: {}",
            found.name(),
            report.truncatedBytes(),
            log.log().logEndOffset(),
            report.reason());
      }
      return new Sound(found.partition(), found.name(), log);
    } catch (CorruptLogException e) {
      logger.error("{}: the log is damaged; the replica stays offline", found.name(), e);
      return new Unsound(found.partition(), found.name(), String.valueOf(e.getMessage()));
    }
  }

  /** Removes a partition's directory. */
  static void delete(Storage storage, Path directory) throws IOException {
    for (Path file : storage.list(directory)) {
      storage.delete(file);
    }
    storage.delete(directory);
  }
}
