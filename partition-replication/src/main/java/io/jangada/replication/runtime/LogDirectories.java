// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.directory.LogDirectory;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.log.OpenFiles;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log directories of the broker. Thread-safe. */
final class LogDirectories {
  private static final Logger logger = LoggerFactory.getLogger(LogDirectories.class);
  private static final int FOLLOWER_FACTOR = 2;
  private static final int PRODUCER_FACTOR = 4;

  private final List<LogDirectory> all = new CopyOnWriteArrayList<>();
  private final OpenFiles openFiles;

  LogDirectories(Storage storage, int maxOpenFiles) {
    openFiles = new OpenFiles(storage, maxOpenFiles);
  }

  /**
   * Recovers them, one after the other. Blocks.
   *
   * @param onFailure told of a directory that fails from here on
   * @return those that cannot be used, with why
   * @throws IOException if that is all of them
   */
  Map<LogDirectoryConfig, IOException> open(
      List<LogDirectoryConfig> configs,
      Storage storage,
      TailCache cache,
      ReplicationMetrics metrics,
      BiConsumer<LogDirectoryConfig, IOException> onFailure)
      throws IOException {
    Map<LogDirectoryConfig, IOException> unusable = new LinkedHashMap<>();
    for (LogDirectoryConfig config : configs) {
      try {
        all.add(
            LogDirectory.open(
                config, storage, openFiles, cache, metrics, e -> onFailure.accept(config, e)));
      } catch (IOException e) {
        unusable.put(config, e);
      }
    }
    if (all.isEmpty()) {
      throw unusable.values().iterator().next();
    }
    return unusable;
  }

  List<LogDirectory> all() {
    return all;
  }

  /** Where a new log goes: the directory that works, has room if any has, and has the fewest. */
  Optional<LogDirectory> forNewLog() {
    return all.stream()
        .filter(each -> !each.failed())
        .min(Comparator.comparing(LogDirectory::nearlyFull).thenComparingInt(LogDirectory::size));
  }

  /** Those that work. */
  Map<UUID, Path> inUse() {
    Map<UUID, Path> inUse = new HashMap<>();
    for (LogDirectory each : all) {
      if (!each.failed()) {
        inUse.put(each.config().id(), each.config().path());
      }
    }
    return inUse;
  }

  boolean allFailed() {
    return all.stream().allMatch(LogDirectory::failed);
  }

  long oldestSyncAgeMs() {
    long oldest = 0;
    for (LogDirectory each : all) {
      oldest = each.failed() ? oldest : Math.max(oldest, each.oldestSyncAgeMs());
    }
    return oldest;
  }

  /** What recovery doubted is known to the quorum. Blocks. */
  void settleDoubts() {
    for (LogDirectory each : all) {
      try {
        each.settleDoubts();
      } catch (IOException e) {
        // After the next start the logs are in doubt once more, which is the safe side.
        logger.warn("{}: could not remove the note of doubts", each.config().path(), e);
      }
    }
  }

  /** Bytes that wait for their segments. */
  long pendingBytes() {
    return all.stream().mapToLong(LogDirectory::pendingBytes).sum();
  }

  /** Bytes of damaged logs that were set aside. */
  long quarantinedBytes() {
    return all.stream().mapToLong(LogDirectory::quarantinedBytes).sum();
  }

  /** Logs that the metadata did not know. */
  int keptAside() {
    return all.stream().mapToInt(LogDirectory::keptAside).sum();
  }

  /** Whether segments are written so slowly that followers should get no more credit. */
  boolean behind() {
    return pendingAbove(FOLLOWER_FACTOR);
  }

  /** Whether segments are written so slowly that no more can be taken from producers. */
  boolean farBehind() {
    return pendingAbove(PRODUCER_FACTOR);
  }

  private boolean pendingAbove(int factor) {
    for (int i = 0; i < all.size(); i++) {
      LogDirectory each = all.get(i);
      if (!each.failed() && each.pendingBytes() > factor * each.config().maxPendingBytes()) {
        return true;
      }
    }
    return false;
  }

  int openFiles() {
    return openFiles.size();
  }

  /** Looks which of them have less room than the reserve. Blocks. */
  void measureRoom(long reserveBytes) {
    for (LogDirectory each : all) {
      if (!each.failed()) {
        try {
          each.measureRoom(reserveBytes);
        } catch (IOException e) {
          logger.warn("{}: cannot tell how much room there is", each.config().path(), e);
        }
      }
    }
  }

  /** Ends all; blocks. */
  void close() throws IOException {
    IOException failure = null;
    for (LogDirectory each : all) {
      try {
        each.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    openFiles.close();
    if (failure != null) {
      throw failure;
    }
  }
}
