// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Whose a data directory is: the file {@code meta.properties}, written once by {@code jangada
 * format}. A quorum that took any disk under a known node id for its member would forget what a
 * wiped one had promised; so an unformatted directory is refused, and a wiped one gets a new
 * directory id.
 *
 * @param clusterId the cluster
 * @param nodeId the node
 * @param directoryId this directory, for ever
 * @param joinsQuorum whether the node's part in the quorum begins with being added, whatever the
 *     configuration says of the first members
 */
record MetaProperties(UUID clusterId, int nodeId, UUID directoryId, boolean joinsQuorum) {
  static final String FILE_NAME = "meta.properties";
  private static final String VERSION = "1";
  private static final String JOINS = "quorum.join";

  MetaProperties(UUID clusterId, int nodeId, UUID directoryId) {
    this(clusterId, nodeId, directoryId, false);
  }

  /** Empty if the directory was not formatted. */
  static Optional<MetaProperties> read(Path directory) {
    Path file = directory.resolve(FILE_NAME);
    return DurableFiles.read(file).map(properties -> parse(file, properties));
  }

  void write(Path directory) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("version", VERSION);
    properties.put("cluster.id", clusterId.toString());
    properties.put("node.id", Integer.toString(nodeId));
    properties.put("directory.id", directoryId.toString());
    if (joinsQuorum) {
      properties.put(JOINS, "true");
    }
    DurableFiles.write(directory.resolve(FILE_NAME), properties);
  }

  private static MetaProperties parse(Path file, Map<String, String> properties) {
    String version = properties.getOrDefault("version", "");
    if (!version.equals(VERSION)) {
      throw new JangadaException(
          ErrorCode.UNSUPPORTED,
          "expected version=" + VERSION + " in " + file + ", but it says '" + version + "'",
          "use the release that wrote it, or a newer one");
    }
    try {
      return new MetaProperties(
          UUID.fromString(properties.getOrDefault("cluster.id", "")),
          Integer.parseInt(properties.getOrDefault("node.id", "")),
          UUID.fromString(properties.getOrDefault("directory.id", "")),
          Boolean.parseBoolean(properties.getOrDefault(JOINS, "false")));
    } catch (IllegalArgumentException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected cluster.id, node.id and directory.id in " + file + ", but it has " + properties,
          "restore the file from a backup; without it the directory can't be trusted",
          true,
          e);
    }
  }
}
