// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import java.util.Collection;
import java.util.Optional;

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
}
