// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole logs that the metadata of a new history does not know, moved aside for people to decide
 * about, and the history that the log directory follows. Nothing here is ever removed by the
 * broker. Thread-safe; calls block.
 *
 * <p>The file {@code history} has one line, {@code jangada-history 1 ID}. It is written when every
 * log of the directory is either assigned by that history or aside: until then, over any restart,
 * what is not assigned is not of this history.
 */
final class KeptAside {
  /** In the log directory. */
  static final String NAME = "kept-aside";

  private static final Logger logger = LoggerFactory.getLogger(KeptAside.class);
  private static final String HISTORY = "history";
  private static final String VERSION = "jangada-history 1 ";

  private final Storage storage;
  private final Path directory;
  private final Path file;
  private volatile Optional<UUID> history = Optional.empty();
  private volatile int count;

  private KeptAside(Storage storage, Path logDirectory) {
    this.storage = storage;
    this.directory = logDirectory.resolve(NAME);
    this.file = logDirectory.resolve(HISTORY);
  }

  /** What there is in a log directory. */
  static KeptAside read(Storage storage, Path logDirectory) throws IOException {
    KeptAside kept = new KeptAside(storage, logDirectory);
    if (storage.exists(kept.file)) {
      kept.parse(new String(storage.readSmall(kept.file), StandardCharsets.UTF_8));
    }
    kept.look();
    return kept;
  }

  private void parse(String text) {
    try {
      if (text.startsWith(VERSION)) {
        history = Optional.of(UUID.fromString(text.substring(VERSION.length()).strip()));
        return;
      }
    } catch (IllegalArgumentException e) {
      logger.debug("{}", file, e);
    }
    logger.warn("{} is damaged: what the metadata does not know is going to be kept aside", file);
  }

  /** The history that the directory follows; empty if nobody can say. Any thread. */
  Optional<UUID> history() {
    return history;
  }

  /** The directory follows that history from now on; durable when it returns. */
  synchronized void follows(UUID id) throws IOException {
    storage.writeSmall(
        file, ByteBuffer.wrap((VERSION + id + "\n").getBytes(StandardCharsets.UTF_8)));
    history = Optional.of(id);
  }

  /** How many logs are aside, as of the last look. Any thread. */
  int count() {
    return count;
  }

  /** Says what is aside, and how to get rid of it. */
  synchronized void look() throws IOException {
    List<Path> logs = storage.exists(directory) ? storage.list(directory) : List.of();
    count = logs.size();
    if (logs.isEmpty()) {
      return;
    }
    long bytes = 0;
    for (Path log : logs) {
      for (Path path : storage.list(log)) {
        try (StorageFile opened = storage.open(path)) {
          bytes += opened.size();
        }
      }
    }
    logger.warn(
        "{} has {} logs, {} bytes, that the cluster's metadata did not know when its history began."
            + " Nothing reads them, and nobody removes them: when they are not needed any more,"
            + " remove that directory (docs/OPERATING.md)",
        directory,
        count,
        bytes);
  }

  /** Makes sure that there is a place, durably, and says where a log's directory is to be moved. */
  synchronized Path place(Path log) throws IOException {
    if (!storage.exists(directory)) {
      storage.createDirectories(directory);
      Path parent = directory.getParent();
      if (parent != null) {
        storage.syncDirectory(parent);
      }
    }
    return directory.resolve(log.getFileName() + "." + System.currentTimeMillis());
  }
}
