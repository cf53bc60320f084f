// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Which broker leads which partitions of a topic.
 *
 * @param partitions by the leader's {@code host:port}
 */
record KafkaTopic(String name, Map<String, List<Integer>> partitions) {
  private static final short VERSION = 9;

  /** As any of the brokers tells. */
  static KafkaTopic find(LocalCluster cluster, String name) throws IOException {
    MetadataResponseData metadata;
    try (KafkaConnection connection = KafkaConnection.open(cluster.node(1).plan().kafkaAddress())) {
      metadata =
          new MetadataResponseData(
              connection.ask(
                  ApiKeys.METADATA,
                  VERSION,
                  new MetadataRequestData()
                      .setTopics(List.of(new MetadataRequestTopic().setName(name)))),
              VERSION);
    }
    Map<String, List<Integer>> byLeader = new LinkedHashMap<>();
    for (MetadataResponsePartition each : metadata.topics().find(name).partitions()) {
      byLeader
          .computeIfAbsent(
              cluster.node(each.leaderId()).plan().kafkaAddress(), leader -> new ArrayList<>())
          .add(each.partitionIndex());
    }
    return new KafkaTopic(name, byLeader);
  }

  /** {@code bootstrap.servers} of all brokers. */
  static String bootstrap(LocalCluster cluster) {
    return String.join(
        ",", cluster.nodes().stream().map(NodeProcess::plan).map(it -> it.kafkaAddress()).toList());
  }
}
