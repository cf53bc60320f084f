// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;

/** Finds what a client refers to in an image. */
public final class TopicLookup {
  private TopicLookup() {}

  /**
   * The topic.
   *
   * @throws JangadaException UNKNOWN_TOPIC if there is none, or if the name now belongs to a topic
   *     with another id (KIP-516)
   */
  public static TopicImage topic(MetadataImage image, TopicRef ref) {
    TopicImage topic = ref.id() != null ? image.topic(ref.id()) : image.topic(ref.name());
    if (topic == null) {
      throw new JangadaException(
          ErrorCode.UNKNOWN_TOPIC,
          "expected an existing topic, but there is none "
              + (ref.id() != null ? "with id " + ref.id() : "named '" + ref.name() + "'"),
          "jangada topic list shows the topics there are");
    }
    if (!ref.name().isEmpty() && !ref.name().equals(topic.name())) {
      throw new JangadaException(
          ErrorCode.UNKNOWN_TOPIC,
          "expected topic "
              + ref.id()
              + " to be named '"
              + ref.name()
              + "', but it is '"
              + topic.name()
              + "'",
          "refresh the metadata");
    }
    return topic;
  }

  /**
   * The partition.
   *
   * @throws JangadaException UNKNOWN_TOPIC, or UNKNOWN_PARTITION if the topic has fewer partitions
   */
  public static TopicIdPartition partition(MetadataImage image, PartitionRef ref) {
    TopicImage topic = topic(image, new TopicRef(ref.topicName(), ref.topicId()));
    if (!topic.partitions().containsKey(ref.partition())) {
      throw new JangadaException(
          ErrorCode.UNKNOWN_PARTITION,
          "expected a partition of '"
              + topic.name()
              + "' below "
              + topic.partitions().size()
              + ", but got "
              + ref.partition());
    }
    return topic.partitionId(ref.partition());
  }
}
