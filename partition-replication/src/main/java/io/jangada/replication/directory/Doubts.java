// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What recovery doubts, noted until the quorum knows. Recovery repairs what it finds, so the next
 * one sees nothing any more: a process that dies before it is registered would leave a log that is
 * called whole and is not (rule 8). Thread-safe; blocks.
 *
 * <p>The file {@code doubts} has a first line that names its version, then one for each log: topic
 * id, partition, reason, separated by blanks.
 */
final class Doubts {
  private static final Logger logger = LoggerFactory.getLogger(Doubts.class);
  private static final String NAME = "doubts";
  private static final String VERSION = "jangada-doubts 1";
  private static final int FIELDS = 3;

  private final Storage storage;
  private final Path file;
  private final Map<TopicIdPartition, String> reasons = new TreeMap<>();
  private boolean unreadable;

  private Doubts(Storage storage, Path file) {
    this.storage = storage;
    this.file = file;
  }

  /** What an earlier process has noted, and nobody was told of. */
  static Doubts read(Storage storage, Path directory) throws IOException {
    Doubts doubts = new Doubts(storage, directory.resolve(NAME));
    if (storage.exists(doubts.file)) {
      doubts.parse(new String(storage.readSmall(doubts.file), StandardCharsets.UTF_8));
    }
    return doubts;
  }

  private void parse(String content) {
    String[] lines = content.split("\n", -1);
    Map<TopicIdPartition, String> found = new HashMap<>();
    try {
      // The last line break is there: otherwise something is missing.
      unreadable = !lines[0].equals(VERSION) || !lines[lines.length - 1].isEmpty();
      for (int i = 1; i < lines.length - 1 && !unreadable; i++) {
        String[] fields = lines[i].split(" ", FIELDS);
        found.put(
            new TopicIdPartition(UUID.fromString(fields[0]), Integer.parseInt(fields[1])),
            fields[2]);
      }
      reasons.putAll(found);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      logger.error("{} cannot be read: every log is in doubt", file, e);
      unreadable = true;
    }
  }

  /** Why the log may have had more than it has; empty if there is no doubt. */
  synchronized String of(TopicIdPartition partition) {
    return unreadable
        ? "the note of an earlier recovery's doubts is damaged"
        : reasons.getOrDefault(partition, "");
  }

  /** Notes these, too; durable when it returns. Empty reasons are none. */
  synchronized void note(
      Iterable<TopicIdPartition> partitions, Function<TopicIdPartition, String> reason)
      throws IOException {
    boolean any = false;
    for (TopicIdPartition partition : partitions) {
      String why = reason.apply(partition).replace('\n', ' ');
      any |= !why.isEmpty() && reasons.putIfAbsent(partition, why) == null;
    }
    if (any && !unreadable) {
      StringBuilder text = new StringBuilder(VERSION).append('\n');
      reasons.forEach(
          (id, why) ->
              text.append(id.topicId())
                  .append(' ')
                  .append(id.partition())
                  .append(' ')
                  .append(why)
                  .append('\n'));
      storage.writeSmall(file, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The quorum knows. */
  synchronized void settle() throws IOException {
    if (storage.exists(file)) {
      storage.delete(file);
      Path directory = file.getParent();
      if (directory != null) {
        storage.syncDirectory(directory);
      }
    }
    reasons.clear();
    unreadable = false;
  }
}
