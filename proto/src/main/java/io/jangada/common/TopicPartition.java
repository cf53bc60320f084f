// SPDX-License-Identifier: Apache-2.0
package io.jangada.common;

/**
 * A partition as people name it. Inside the brokers {@link TopicIdPartition} is used instead.
 *
 * @param topic the topic's name
 * @param partition from 0
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
  @Override
  public int compareTo(TopicPartition other) {
    int byTopic = topic.compareTo(other.topic);
    return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
