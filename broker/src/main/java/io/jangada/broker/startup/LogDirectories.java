// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log directories of a broker, each of which says in {@code log-directory.properties} whose it
 * is. The data directory remembers which it has had where: so that a disk that is not mounted, or
 * was wiped, is not taken for a new one. Stateless.
 */
public final class LogDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirectories.class);
  static final String FILE_NAME = "log-directory.properties";
  static final String KNOWN_FILE_NAME = "log-directories.properties";
  private static final String VERSION = "1";
  private static final Set<String> HARMLESS = Set.of("lost+found");

  private LogDirectories() {}

  /**
   * A log directory as it was found.
   *
   * @param path where it lies
   * @param id its identity; empty if that is not known because it cannot be used
   * @param problem why it cannot be used; empty if it can
   */
  public record Found(Path path, Optional<UUID> id, String problem) {
    /** Whether it can be used. */
    public boolean usable() {
      return problem.isEmpty();
    }
  }

  /**
   * Looks at each, and makes an empty one that was never seen before this broker's.
   *
   * @param data the data directory
   * @param paths of the log directories; the one that a broker has by default needs no file
   * @return in the same order; at least one can be used
   * @throws JangadaException {@link ErrorCode#INCONSISTENT_CLUSTER_ID}, {@link
   *     ErrorCode#INCONSISTENT_NODE_ID} if one belongs to another broker; {@link
   *     ErrorCode#STORAGE_ERROR} if two are copies of one, one has something else in it, or none
   *     can be used
   */
  public static List<Found> verify(Path data, List<Path> paths, NodeIdentity node) {
    Path own = byDefault(data);
    if (paths.equals(List.of(own))) {
      return List.of(new Found(own, Optional.of(node.directoryId()), ""));
    }
    Map<Path, UUID> known = readKnown(data);
    List<Found> found = new ArrayList<>();
    for (Path path : paths) {
      Optional<UUID> before = Optional.ofNullable(known.get(path));
      try {
        found.add(look(path, before, path.equals(own), node));
      } catch (JangadaException e) {
        if (e.code() != ErrorCode.STORAGE_ERROR || !(e.getCause() instanceof IOException)) {
          throw e;
        }
        found.add(new Found(path, before, String.valueOf(e.getMessage())));
      }
    }
    refuseCopies(found);
    for (Found each : found) {
      if (!each.usable()) {
        LOG.error("The log directory {} cannot be used: {}", each.path(), each.problem());
      }
    }
    if (found.stream().noneMatch(Found::usable)) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected a log directory that can be used, but "
              + found.stream().map(Found::problem).collect(Collectors.joining("; ")),
          "mount the disks, or correct storage.log-directories");
    }
    writeKnown(data, known, found);
    return List.copyOf(found);
  }

  /**
   * Gives an empty directory a new identity, in the place of what was lost with a disk.
   *
   * @throws JangadaException {@link ErrorCode#STORAGE_ALREADY_FORMATTED}; {@link
   *     ErrorCode#STORAGE_ERROR} if it can't be written or has something in it
   */
  public static void format(Path directory, UUID clusterId, int nodeId) {
    if (DurableFiles.read(directory.resolve(FILE_NAME)).isPresent()) {
      throw new JangadaException(
          ErrorCode.STORAGE_ALREADY_FORMATTED,
          "expected an empty directory, but " + directory + " has a " + FILE_NAME,
          "nothing was changed");
    }
    DurableFiles.createDirectories(directory);
    refuseForeignFiles(directory);
    write(directory, clusterId, nodeId, UUID.randomUUID());
  }

  /** Where logs lie if nothing else is said. */
  public static Path byDefault(Path data) {
    return data.resolve("log");
  }

  private static Found look(Path path, Optional<UUID> before, boolean own, NodeIdentity node) {
    Optional<Map<String, String>> file = DurableFiles.read(path.resolve(FILE_NAME));
    if (file.isPresent()) {
      UUID id = identity(path, file.get(), node);
      if (before.isPresent() && !before.get().equals(id)) {
        LOG.warn("{} is not the log directory that was there: {}, not {}", path, id, before.get());
      }
      return new Found(path, Optional.of(id), "");
    }
    if (before.isPresent()) {
      return new Found(
          path,
          before,
          "expected log directory "
              + before.get()
              + " at "
              + path
              + ", but there is no "
              + FILE_NAME
              + ": its disk is not mounted, or was wiped (if it was replaced: jangada format"
              + " --log-directory "
              + path
              + ")");
    }
    DurableFiles.createDirectories(path);
    if (!own) {
      refuseForeignFiles(path);
    }
    UUID id = own ? node.directoryId() : UUID.randomUUID();
    write(path, node.clusterId(), node.nodeId(), id);
    LOG.info("{} is a new log directory: {}", path, id);
    return new Found(path, Optional.of(id), "");
  }

  private static UUID identity(Path path, Map<String, String> properties, NodeIdentity node) {
    String cluster = properties.getOrDefault("cluster.id", "");
    if (!cluster.equals(node.clusterId().toString())) {
      throw foreign(
          ErrorCode.INCONSISTENT_CLUSTER_ID, path, "cluster " + node.clusterId(), cluster);
    }
    String owner = properties.getOrDefault("node.id", "");
    if (!owner.equals(Integer.toString(node.nodeId()))) {
      throw foreign(ErrorCode.INCONSISTENT_NODE_ID, path, "node " + node.nodeId(), owner);
    }
    try {
      return UUID.fromString(properties.getOrDefault("directory.id", ""));
    } catch (IllegalArgumentException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected directory.id in " + path.resolve(FILE_NAME) + ", but it has " + properties,
          "restore the file from a backup; without it the directory can't be trusted",
          true,
          e);
    }
  }

  private static JangadaException foreign(
      ErrorCode code, Path path, String expected, String actual) {
    return new JangadaException(
        code,
        "expected a log directory of %s, but %s belongs to '%s'".formatted(expected, path, actual),
        "correct storage.log-directories, or what is mounted there");
  }

  private static void refuseCopies(List<Found> found) {
    Map<UUID, Path> byId = new HashMap<>();
    for (Found each : found) {
      if (!each.usable()) {
        continue;
      }
      Path other = byId.put(each.id().orElseThrow(), each.path());
      if (other != null) {
        throw new JangadaException(
            ErrorCode.STORAGE_ERROR,
            "expected different log directories, but %s and %s are copies of %s"
                .formatted(other, each.path(), each.id().orElseThrow()),
            "take the copy out of storage.log-directories");
      }
    }
  }

  private static void refuseForeignFiles(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      Optional<Path> foreign =
          children.filter(child -> !HARMLESS.contains(child.getFileName().toString())).findFirst();
      if (foreign.isPresent()) {
        throw new JangadaException(
            ErrorCode.STORAGE_ERROR,
            "expected an empty directory or one with a %s, but there is %s"
                .formatted(FILE_NAME, foreign.get()),
            "choose an empty directory; if this one has lost its file, restore that");
      }
    } catch (IOException e) {
      throw DurableFiles.failed("list " + directory, e);
    }
  }

  private static void write(Path directory, UUID clusterId, int nodeId, UUID id) {
    DurableFiles.write(
        directory.resolve(FILE_NAME),
        Map.of(
            "version", VERSION,
            "cluster.id", clusterId.toString(),
            "node.id", Integer.toString(nodeId),
            "directory.id", id.toString()));
  }

  private static Map<Path, UUID> readKnown(Path data) {
    Map<Path, UUID> known = new HashMap<>();
    DurableFiles.read(data.resolve(KNOWN_FILE_NAME))
        .orElse(Map.of())
        .forEach((id, path) -> known.put(Path.of(path), UUID.fromString(id)));
    return known;
  }

  private static void writeKnown(Path data, Map<Path, UUID> before, List<Found> found) {
    Map<String, String> now = new TreeMap<>();
    Map<Path, UUID> after = new HashMap<>();
    for (Found each : found) {
      each.id()
          .ifPresent(
              id -> {
                now.put(id.toString(), each.path().toString());
                after.put(each.path(), id);
              });
    }
    before.forEach(
        (path, id) -> {
          if (!now.containsKey(id.toString())) {
            LOG.warn("The log directory {} ({}) is not used any more", path, id);
          }
        });
    if (!after.equals(before)) {
      DurableFiles.write(data.resolve(KNOWN_FILE_NAME), now);
    }
  }
}
