// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import java.util.List;

/**
 * What the metadata says anew, at one index, about the replicas of this broker. Where nothing
 * concerns them the lists are empty, but the index still matters.
 *
 * @param metadataIndex the local metadata has reached it
 * @param brokerEpoch the epoch under which this process is registered; below zero before that, and
 *     then nothing becomes leader or follower
 * @param assigned replicas whose partition, topic settings or brokers (epoch, in service or not)
 *     changed, or that are new here
 * @param removed replicas this broker no longer holds, or whose topic was deleted: their files go
 */
public record MetadataUpdate(
    long metadataIndex,
    long brokerEpoch,
    List<HostedAssignment> assigned,
    List<TopicIdPartition> removed) {
  /** Copies the lists. */
  public MetadataUpdate {
    assigned = List.copyOf(assigned);
    removed = List.copyOf(removed);
  }
}
