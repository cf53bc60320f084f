// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.UUID;

/**
 * A voting member of the metadata log.
 *
 * @param nodeId the node's id
 * @param disk the beginning of its disk's identity: the same node with another disk is another
 *     voter, because it has forgotten how it voted
 * @param address host:port of its Ratis listener
 * @param grpcAddress host:port of its gRPC listener, kept in the log for whoever knows only that;
 *     empty for members of the first configuration, whose addresses every node is configured with
 */
public record LogMember(int nodeId, String disk, String address, String grpcAddress) {
  private static final int DISK_PREFIX = 8;

  /** A member of the first configuration. */
  public LogMember(int nodeId, UUID directoryId, String address) {
    this(nodeId, diskOf(directoryId), address, "");
  }

  /** Whether that is this voter, wherever it is. */
  public boolean sameVoter(LogMember other) {
    return nodeId == other.nodeId && disk.equals(other.disk);
  }

  /** What of a disk's identity the log knows. */
  public static String diskOf(UUID directoryId) {
    return directoryId.toString().substring(0, DISK_PREFIX);
  }
}
