// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Prepares a data directory, and verifies at each start that it is this node's. Stateless. */
public final class DataDirectory {
  private static final Set<String> HARMLESS = Set.of("lost+found", DirectoryLock.FILE_NAME);

  private DataDirectory() {}

  /** The cluster that the directory belongs to, or empty if it is not formatted. */
  public static Optional<UUID> clusterIdOf(Path directory) {
    return MetaProperties.read(directory).map(MetaProperties::clusterId);
  }

  /** Makes an empty or missing directory that of a node which is there from the first start. */
  public static void format(Path directory, UUID clusterId, int nodeId, UUID directoryId) {
    format(directory, clusterId, nodeId, directoryId, false);
  }

  /**
   * Makes an empty or missing directory this node's.
   *
   * @param clusterId the cluster; the same for every node of it
   * @param directoryId a fresh random id
   * @param joinsQuorum whether the node waits to be added to the quorum
   * @throws JangadaException {@link ErrorCode#STORAGE_ALREADY_FORMATTED}; {@link
   *     ErrorCode#STORAGE_ERROR} if it can't be written or has something else in it
   */
  public static void format(
      Path directory, UUID clusterId, int nodeId, UUID directoryId, boolean joinsQuorum) {
    DurableFiles.createDirectories(directory);
    Optional<MetaProperties> existing = MetaProperties.read(directory);
    if (existing.isPresent()) {
      throw new JangadaException(
          ErrorCode.STORAGE_ALREADY_FORMATTED,
          "expected an empty directory, but %s is formatted for node %d of cluster %s"
              .formatted(directory, existing.get().nodeId(), existing.get().clusterId()),
          "nothing was changed; --ignore-formatted makes this no error");
    }
    refuseForeignFiles(directory);
    new MetaProperties(clusterId, nodeId, directoryId, joinsQuorum).write(directory);
  }

  /**
   * Reads whose the directory is and compares it with what is expected.
   *
   * @param expectedCluster empty for any
   * @return the cluster it belongs to
   * @throws JangadaException {@link ErrorCode#STORAGE_NOT_FORMATTED}, {@link
   *     ErrorCode#INCONSISTENT_CLUSTER_ID}, {@link ErrorCode#INCONSISTENT_NODE_ID}, {@link
   *     ErrorCode#STORAGE_ERROR}
   */
  public static UUID verify(Path directory, Optional<UUID> expectedCluster, int expectedNodeId) {
    return verified(directory, expectedCluster, expectedNodeId).clusterId();
  }

  /** The identity of this node's disk; fails as {@link #verify} does. */
  public static UUID directoryIdOf(Path directory, UUID expectedCluster, int expectedNodeId) {
    return verified(directory, Optional.of(expectedCluster), expectedNodeId).directoryId();
  }

  static MetaProperties verified(
      Path directory, Optional<UUID> expectedCluster, int expectedNodeId) {
    MetaProperties meta =
        MetaProperties.read(directory)
            .orElseThrow(
                () ->
                    new JangadaException(
                        ErrorCode.STORAGE_NOT_FORMATTED,
                        "expected a formatted data directory, but "
                            + (directory + " has no " + MetaProperties.FILE_NAME),
                        "for a new node: jangada format -c jangada.yaml --cluster-id ID; if the"
                            + " node ran before, its disk is not mounted or was wiped"));
    if (expectedCluster.isPresent() && !expectedCluster.get().equals(meta.clusterId())) {
      throw new JangadaException(
          ErrorCode.INCONSISTENT_CLUSTER_ID,
          "expected the data of cluster %s (cluster.id), but %s belongs to cluster %s"
              .formatted(expectedCluster.get(), directory, meta.clusterId()),
          "correct storage.directory or cluster.id");
    }
    if (meta.nodeId() != expectedNodeId) {
      throw new JangadaException(
          ErrorCode.INCONSISTENT_NODE_ID,
          "expected the data of node %d (node.id), but %s belongs to node %d"
              .formatted(expectedNodeId, directory, meta.nodeId()),
          "correct storage.directory or node.id");
    }
    return meta;
  }

  private static void refuseForeignFiles(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      Optional<Path> foreign =
          children.filter(child -> !HARMLESS.contains(child.getFileName().toString())).findFirst();
      if (foreign.isPresent()) {
        throw new JangadaException(
            ErrorCode.STORAGE_ERROR,
            "expected an empty directory, but there is " + foreign.get(),
            "choose an empty directory; if this one has lost its meta.properties, restore that");
      }
    } catch (IOException e) {
      throw DurableFiles.failed("list " + directory, e);
    }
  }
}
