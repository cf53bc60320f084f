// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.directory.DirectoryLog;
import io.jangada.replication.directory.LogDirectory;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of replicas on disk that the metadata does not assign here, when this process begins
 * to follow it (docs/adr/0012). A log directory that has followed the same history before knows
 * what that means: they are removed. In any other one they are moved aside, whole, because the
 * metadata may have lost what it knew of them. Only when the last of them has ended do the
 * directories follow the history; a process that dies before does it again. Thread-safe.
 */
final class Settlement {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);
  private static final long RETRY_MS = 1_000;

  private final LogDirectories directories;
  private final Executor blocking;
  private final Executor later;

  /** Guarded by itself: those that have not ended yet. */
  private final Set<TopicIdPartition> left = new HashSet<>();

  private @Nullable UUID history;

  /** Decides for the logs of those directories. */
  Settlement(LogDirectories directories, Executor blocking) {
    this.directories = directories;
    this.blocking = blocking;
    this.later = CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS);
  }

  /** These are going to end. */
  void begin(UUID followed, Collection<TopicIdPartition> unassigned) {
    synchronized (left) {
      history = followed;
      left.addAll(unassigned);
      if (!left.isEmpty()) {
        return;
      }
    }
    soon(() -> follow(followed));
  }

  /** Whether the replica is one of them and must not be removed. */
  boolean keeps(TopicIdPartition id, LogDirectory directory) {
    synchronized (left) {
      return left.contains(id) && isStrange(directory, history);
    }
  }

  private static boolean isStrange(LogDirectory directory, @Nullable UUID history) {
    return !directory.failed() && directory.history().filter(id -> id.equals(history)).isEmpty();
  }

  /**
   * Moves the log aside, however long it takes to find a place.
   *
   * @param done called once it is durably so, by any thread
   */
  void keepAside(PartitionHandle handle, LogDirectory directory, Runnable done) {
    soon(() -> tryToKeep(handle, directory, done));
  }

  private void tryToKeep(PartitionHandle handle, LogDirectory directory, Runnable done) {
    DirectoryLog owned = handle instanceof LocalPartition local ? local.directoryLog() : null;
    try {
      directory.keepAside(
          handle.partition(),
          handle.name().topic(),
          owned,
          () -> {
            log.warn(
                "{}: the metadata does not know this replica and may have lost what it knew of it;"
                    + " moved aside in {}",
                handle.name(),
                directory.config().path());
            done.run();
          });
    } catch (IOException e) {
      log.error("{}: cannot be moved aside yet, trying again", handle.name(), e);
      later.execute(() -> keepAside(handle, directory, done));
    }
  }

  /** The replica has ended, in whatever way. */
  void ended(TopicIdPartition id) {
    UUID followed;
    synchronized (left) {
      followed = history;
      if (!left.remove(id) || !left.isEmpty() || followed == null) {
        return;
      }
    }
    soon(() -> follow(followed));
  }

  private void follow(UUID followed) {
    for (LogDirectory directory : directories.all()) {
      if (isStrange(directory, followed)) {
        try {
          directory.follows(followed);
          log.info("{} follows history {}", directory.config().path(), followed);
        } catch (IOException e) {
          log.warn(
              "{}: cannot note the history it follows; the next start does",
              directory.config().path(),
              e);
        }
      }
    }
  }

  private void soon(Runnable task) {
    try {
      blocking.execute(task);
    } catch (JangadaException e) {
      log.info("no thread to settle what is on the disks yet", e);
      later.execute(() -> soon(task));
    }
  }
}
