// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The replicas that this broker holds. Thread-safe; no call blocks. */
public interface PartitionRegistry {
  /** The replica, or empty if there is none here, or metadata about it has not come yet. */
  Optional<PartitionHandle> find(TopicIdPartition partition);

  /** All replicas, in no order. */
  Collection<PartitionHandle> all();

  /**
   * Follows the metadata: replicas become leader or follower, begin or end. Returns before that is
   * done; what is applied later is done later. Called by one thread, with rising indices. A replica
   * that recovery found on disk serves nobody until it is assigned here.
   */
  void apply(MetadataUpdate update);

  /**
   * Says which of the replicas that recovery found the metadata does not assign to this broker.
   * They end here. In a log directory that has followed this history of the metadata before, they
   * are removed: the topic was deleted, or the replica moved away. In any other directory nobody
   * knows what they are, so that they are kept aside, whole; then the directory follows this
   * history. Called once, after the first {@link #apply} that knows this process's registration.
   *
   * @param history the metadata's
   */
  void settle(UUID history, List<TopicIdPartition> unassigned);
}
