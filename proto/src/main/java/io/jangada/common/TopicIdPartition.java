// SPDX-License-Identifier: Apache-2.0
package io.jangada.common;

import java.util.UUID;

/**
 * A partition's identity: a topic that is deleted and created again under the same name has another
 * id (KIP-516).
 *
 * @param topicId the topic's id
 * @param partition from 0
 */
public record TopicIdPartition(UUID topicId, int partition)
    implements Comparable<TopicIdPartition> {
  @Override
  public int compareTo(TopicIdPartition other) {
    int byTopic = topicId.compareTo(other.topicId);
    return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
  }

  @Override
  public String toString() {
    return topicId + "-" + partition;
  }
}
