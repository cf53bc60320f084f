// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.common.TopicPartition;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a partition's directory: {@code <topic>-<partition>.<topic id>}. The id is what
 * counts; the topic's name is there for people, and cut where it is too long for a file name.
 *
 * @param partition its identity
 * @param name its name, perhaps cut
 */
public record PartitionDirectory(TopicIdPartition partition, TopicPartition name) {
  private static final int MAX_TOPIC_LENGTH = 180;
  private static final String DELETED = ".deleted";
  private static final Pattern NAME =
      Pattern.compile(
          "(?<topic>.+)-(?<partition>\\d{1,9})\\.(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  /** What the name of a directory says, or empty if it is not a partition's. */
  public static Optional<PartitionDirectory> parse(Path directory) {
    Matcher matcher = NAME.matcher(String.valueOf(directory.getFileName()));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int partition = Integer.parseInt(matcher.group("partition"));
    UUID topicId = UUID.fromString(matcher.group("id"));
    return Optional.of(
        new PartitionDirectory(
            new TopicIdPartition(topicId, partition),
            new TopicPartition(matcher.group("topic"), partition)));
  }

  /** Where a partition lies. */
  public static Path path(Path logDirectory, TopicIdPartition partition, String topic) {
    String shown =
        topic.length() <= MAX_TOPIC_LENGTH ? topic : topic.substring(0, MAX_TOPIC_LENGTH);
    return logDirectory.resolve(shown + "-" + partition.partition() + "." + partition.topicId());
  }

  /** The name under which a directory waits for its removal. */
  public static Path deleted(Path directory, long unique) {
    return directory.resolveSibling(directory.getFileName() + "." + unique + DELETED);
  }

  /** Whether the directory waits for its removal. */
  public static boolean isDeleted(Path directory) {
    return String.valueOf(directory.getFileName()).endsWith(DELETED);
  }
}
