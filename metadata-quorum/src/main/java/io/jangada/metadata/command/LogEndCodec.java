// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.PartitionRegistrationProto;
import io.jangada.internal.v1.ReplicaVerdictsProto;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Where logs end, as a partition's record has it and as a broker says it of all its replicas. */
final class LogEndCodec {
  private LogEndCodec() {}

  static PartitionRegistrationProto.LogComparison toProto(LogComparison comparison) {
    PartitionRegistrationProto.LogComparison.Builder builder =
        PartitionRegistrationProto.LogComparison.newBuilder().addAllDoubtful(comparison.doubtful());
    comparison
        .ends()
        .forEach(
            (brokerId, end) ->
                builder
                    .addEndsBuilder()
                    .setBrokerId(brokerId)
                    .setEpoch(end.epoch())
                    .setOffset(end.offset()));
    return builder.build();
  }

  static LogComparison fromProto(PartitionRegistrationProto.LogComparison comparison) {
    SortedMap<Integer, LogEnd> ends = new TreeMap<>();
    comparison
        .getEndsList()
        .forEach(end -> ends.put(end.getBrokerId(), new LogEnd(end.getEpoch(), end.getOffset())));
    return LogComparison.of(ends, Set.copyOf(comparison.getDoubtfulList()));
  }

  /** Thousands of partitions take a few bytes each this way. */
  static List<ReplicaVerdictsProto.LogEnds> byTopic(SortedMap<TopicIdPartition, LogEnd> ends) {
    Map<UUID, ReplicaVerdictsProto.LogEnds.Builder> topics = new TreeMap<>();
    ends.forEach(
        (partition, end) ->
            topics
                .computeIfAbsent(
                    partition.topicId(),
                    topicId ->
                        ReplicaVerdictsProto.LogEnds.newBuilder()
                            .setTopicId(Uuids.toBytes(topicId)))
                .addPartitions(partition.partition())
                .addEpochs(end.epoch())
                .addOffsets(end.offset()));
    return topics.values().stream().map(ReplicaVerdictsProto.LogEnds.Builder::build).toList();
  }

  static SortedMap<TopicIdPartition, LogEnd> ofTopics(List<ReplicaVerdictsProto.LogEnds> topics) {
    SortedMap<TopicIdPartition, LogEnd> ends = new TreeMap<>();
    for (ReplicaVerdictsProto.LogEnds topic : topics) {
      UUID topicId = Uuids.fromBytes(topic.getTopicId());
      for (int i = 0; i < topic.getPartitionsCount(); i++) {
        ends.put(
            new TopicIdPartition(topicId, topic.getPartitions(i)),
            new LogEnd(topic.getEpochs(i), topic.getOffsets(i)));
      }
    }
    return ends;
  }
}
