// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.membership.MemberBook;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.ratis.LogSettings;
import io.jangada.metadata.store.LmdbMetadataStore;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * How to run this node's member of the metadata quorum.
 *
 * @param clusterId from meta.properties
 * @param self this node, and its own addresses
 * @param joins whether it waits to be added to a quorum that is there, if it has never voted
 * @param directoryId from meta.properties: the identity of this disk
 * @param directory where the quorum's data lies, created if missing, used by nobody else
 * @param members all configured members: those of the first start, and where the quorum is found
 * @param liveness how long silence is forgiven
 * @param sizes of logs and stores
 */
public record QuorumNodeConfig(
    UUID clusterId,
    QuorumMember self,
    boolean joins,
    UUID directoryId,
    Path directory,
    List<QuorumMember> members,
    LivenessSettings liveness,
    Sizes sizes) {
  /** Copies the list. */
  public QuorumNodeConfig {
    members = List.copyOf(members);
  }

  /** A member of the first start, one of {@code members}. */
  public QuorumNodeConfig(
      UUID clusterId,
      int nodeId,
      UUID directoryId,
      Path directory,
      List<QuorumMember> members,
      LivenessSettings liveness,
      Sizes sizes) {
    this(
        clusterId,
        MemberBook.fixed(members).member(nodeId),
        false,
        directoryId,
        directory,
        members,
        liveness,
        sizes);
  }

  /** This node's id. */
  public int nodeId() {
    return self.nodeId();
  }

  /**
   * Bounds that only tests change.
   *
   * @param snapshotEveryEntries see LogSettings
   * @param segmentBytes see LogSettings
   * @param store see LmdbMetadataStore
   * @param room what the disk must have
   */
  public record Sizes(
      long snapshotEveryEntries,
      int segmentBytes,
      LmdbMetadataStore.Options store,
      RoomLimits room) {
    /** What a node uses. */
    public static Sizes defaults() {
      return new Sizes(
          LogSettings.DEFAULT_SNAPSHOT_EVERY_ENTRIES,
          LogSettings.DEFAULT_SEGMENT_BYTES,
          LmdbMetadataStore.Options.defaults(),
          RoomLimits.defaults());
    }
  }
}
