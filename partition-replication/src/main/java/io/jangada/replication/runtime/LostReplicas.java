// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Replicas that this process cannot serve any more: their log directory has failed, damage was
 * found in them, or a defect. Their rights at the quorum have to be given up.
 *
 * @param replicas which
 * @param reason for people
 * @param directory the identity of the log directory, if all of it has failed
 */
public record LostReplicas(
    Set<TopicIdPartition> replicas, String reason, Optional<UUID> directory) {
  /** Copies the set. */
  public LostReplicas {
    replicas = Set.copyOf(replicas);
  }
}
