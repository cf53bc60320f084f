// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where damaged logs are moved, for people to look at, until there is too much of it; the oldest
 * goes first. Beside them a mark for each log that is fetched anew and has not got so far that it
 * counts. Thread-safe; all calls but {@link #place} and {@link #bytes} block.
 */
final class Quarantine {
  /** In the log directory. */
  static final String NAME = "quarantine";

  private static final Logger logger = LoggerFactory.getLogger(Quarantine.class);
  private static final String MARK = ".rebuilding";

  private final Storage storage;
  private final Path directory;
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  Quarantine(Storage storage, Path logDirectory, long maxBytes) {
    this.storage = storage;
    this.directory = logDirectory.resolve(NAME);
    this.maxBytes = maxBytes;
  }

  /** Where a log's directory is to be moved. */
  Path place(Path log) {
    // Of one length for centuries, so that names sort by age.
    return directory.resolve(log.getFileName() + "." + System.currentTimeMillis());
  }

  /** What is in it takes so many bytes, as of the last look. Any thread. */
  long bytes() {
    return bytes.get();
  }

  /** Makes sure that there is such a directory. */
  void create() throws IOException {
    storage.createDirectories(directory);
  }

  /** Removes the oldest until it is not too much. */
  synchronized void trim() throws IOException {
    if (!storage.exists(directory)) {
      return;
    }
    List<Path> logs = new ArrayList<>();
    for (Path path : storage.list(directory)) {
      if (!isMark(path)) {
        logs.add(path);
      }
    }
    logs.sort(Comparator.comparing(Quarantine::age));
    long sum = 0;
    for (Path log : logs) {
      sum += sizeOf(log);
    }
    for (Path log : logs) {
      if (sum <= maxBytes) {
        break;
      }
      sum -= sizeOf(log);
      logger.warn("{}: removing {}: more than {} bytes of damaged logs", directory, log, maxBytes);
      DirectoryRecovery.delete(storage, log);
    }
    bytes.set(sum);
  }

  private static String age(Path log) {
    String name = String.valueOf(log.getFileName());
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private long sizeOf(Path log) throws IOException {
    long sum = 0;
    for (Path path : storage.list(log)) {
      try (StorageFile file = storage.open(path)) {
        sum += file.size();
      }
    }
    return sum;
  }

  // ---- the marks

  /** From now on, over any restart, the log does not count; durable when it returns. */
  void beginRebuild(TopicIdPartition partition) throws IOException {
    create();
    storage.writeSmall(
        mark(partition), ByteBuffer.wrap("fetched anew\n".getBytes(StandardCharsets.UTF_8)));
    Path parent = directory.getParent();
    if (parent != null) {
      storage.syncDirectory(parent);
    }
  }

  /** The log counts again. */
  void endRebuild(TopicIdPartition partition) throws IOException {
    storage.delete(mark(partition));
    storage.syncDirectory(directory);
  }

  /** The logs that do not count. */
  Set<TopicIdPartition> rebuilding() throws IOException {
    Set<TopicIdPartition> marked = new HashSet<>();
    if (storage.exists(directory)) {
      for (Path path : storage.list(directory)) {
        parse(path).ifPresent(marked::add);
      }
    }
    return marked;
  }

  private Path mark(TopicIdPartition partition) {
    return directory.resolve(partition.topicId() + "_" + partition.partition() + MARK);
  }

  private static boolean isMark(Path path) {
    return String.valueOf(path.getFileName()).contains(MARK);
  }

  private static Optional<TopicIdPartition> parse(Path path) {
    String name = String.valueOf(path.getFileName());
    int middle = name.indexOf('_');
    if (!name.endsWith(MARK) || middle < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new TopicIdPartition(
              UUID.fromString(name.substring(0, middle)),
              Integer.parseInt(name.substring(middle + 1, name.length() - MARK.length()))));
    } catch (IllegalArgumentException e) {
      logger.warn("{} is no mark of a log that is fetched anew; it is left alone", path, e);
      return Optional.empty();
    }
  }
}
