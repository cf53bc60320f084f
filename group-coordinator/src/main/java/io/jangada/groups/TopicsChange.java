// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;

/**
 * What has changed of the topics that groups consume, and what this broker coordinates now.
 *
 * @param index of the metadata that is told
 * @param changed topics that are new or have other partitions
 * @param deleted topics that are gone
 * @param racks of all brokers that have one
 * @param led the partitions of the offsets topic that this broker leads, with the leader epochs
 */
public record TopicsChange(
    long index,
    List<TopicState> changed,
    List<UUID> deleted,
    Map<Integer, String> racks,
    SortedMap<Integer, Integer> led) {

  /**
   * A topic.
   *
   * @param replicas the brokers that hold each partition, from partition 0 on
   */
  public record TopicState(UUID id, String name, List<List<Integer>> replicas) {}
}
