// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.PartitionOffsets;
import io.jangada.api.v1.TopicDescription;
import io.jangada.api.v1.TopicInfo;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.service.ReplicaOffsets;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Describes topics: what the metadata says, with the offsets that the partitions' leaders know. */
final class TopicDescriber {
  private static final long UNKNOWN_OFFSET = -1;

  private final ReplicaOffsets offsets;

  TopicDescriber(ReplicaOffsets offsets) {
    this.offsets = offsets;
  }

  /**
   * One description for each topic asked for, in that order; a topic that does not exist is
   * described by its error.
   *
   * @param asked empty = all
   */
  CompletableFuture<List<TopicDescription>> describe(MetadataImage image, List<TopicRef> asked) {
    List<TopicDescription.Builder> descriptions = new ArrayList<>();
    List<TopicIdPartition> partitions = new ArrayList<>();
    if (asked.isEmpty()) {
      image.topics().values().forEach(topic -> add(image, topic, descriptions, partitions));
    }
    for (TopicRef ref : asked) {
      try {
        add(image, TopicLookup.topic(image, WireRefs.topic(ref)), descriptions, partitions);
      } catch (JangadaException unknown) {
        descriptions.add(
            TopicDescription.newBuilder()
                .setTopic(TopicInfo.newBuilder().setName(ref.getName()).setId(ref.getId()))
                .setError(Failures.toError(unknown)));
      }
    }
    return offsets
        .describe(partitions)
        .thenApply(answers -> descriptions.stream().map(each -> complete(each, answers)).toList());
  }

  private static void add(
      MetadataImage image,
      TopicImage topic,
      List<TopicDescription.Builder> descriptions,
      List<TopicIdPartition> partitions) {
    descriptions.add(TopicDescription.newBuilder().setTopic(WireMetadata.topic(image, topic)));
    topic.partitions().keySet().forEach(partition -> partitions.add(topic.partitionId(partition)));
  }

  private static TopicDescription complete(
      TopicDescription.Builder description, Map<TopicIdPartition, ReplicaOffsets.Answer> answers) {
    TopicInfo topic = description.getTopic();
    if (description.hasError()) {
      return description.build();
    }
    UUID topicId = Uuids.fromBytes(topic.getId());
    topic
        .getPartitionsList()
        .forEach(
            partition ->
                description.addOffsets(
                    offsets(
                        partition.getPartition(),
                        answers.get(new TopicIdPartition(topicId, partition.getPartition())))));
    return description.build();
  }

  private static PartitionOffsets offsets(int partition, ReplicaOffsets.@Nullable Answer answer) {
    PartitionOffsets.Builder offsets = PartitionOffsets.newBuilder().setPartition(partition);
    return switch (answer) {
      case ReplicaOffsets.Offsets known ->
          offsets
              .setLogStartOffset(known.logStartOffset())
              .setHighWatermark(known.highWatermark())
              .setLogEndOffset(known.logEndOffset())
              .build();
      case ReplicaOffsets.Unknown unknown ->
          offsets
              .setLogStartOffset(UNKNOWN_OFFSET)
              .setHighWatermark(UNKNOWN_OFFSET)
              .setLogEndOffset(UNKNOWN_OFFSET)
              .setError(Failures.toError(unknown.why()))
              .build();
      case null -> throw new IllegalStateException("no answer for partition " + partition);
    };
  }
}
