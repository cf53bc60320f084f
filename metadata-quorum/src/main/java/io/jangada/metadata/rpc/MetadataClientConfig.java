// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.store.LmdbMetadataStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * How a node follows the metadata.
 *
 * @param clusterId its cluster
 * @param nodeId its id
 * @param members the members of the quorum, this node perhaps among them
 * @param directory where its copy of the metadata lies; must exist, used by nobody else
 * @param sessionTimeout the quorum's; heartbeats are sent four times as often
 * @param store sizes of the copy
 */
public record MetadataClientConfig(
    UUID clusterId,
    int nodeId,
    List<QuorumMember> members,
    Path directory,
    Duration sessionTimeout,
    LmdbMetadataStore.Options store) {
  /** Copies the list. */
  public MetadataClientConfig {
    members = List.copyOf(members);
  }
}
