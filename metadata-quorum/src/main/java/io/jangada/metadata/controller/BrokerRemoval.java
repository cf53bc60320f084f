// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A broker is forgotten, if nobody relies on it. */
final class BrokerRemoval {
  /** How many names a refusal lists. */
  private static final int SHOWN = 5;

  private BrokerRemoval() {}

  static Decision decide(MetadataImage image, ControllerRequest.RemoveBroker remove) {
    BrokerRegistration broker = image.broker(remove.brokerId());
    Refusal refusal = refusal(image, remove.brokerId(), broker);
    if (refusal != null || broker == null) {
      return refusal == null ? Answers.done(image) : Answers.failed(image, refusal);
    }
    if (remove.validateOnly()) {
      return Answers.done(image);
    }
    return Answers.propose(
        image,
        List.of(
            new BatchItem(
                List.of(new Precondition.BrokerEpochIs(broker.brokerId(), broker.brokerEpoch())),
                List.of(new MetadataRecord.BrokerRemoved(broker.brokerId())))),
        ControllerAnswer.Done::new);
  }

  private static @Nullable Refusal refusal(
      MetadataImage image, int brokerId, @Nullable BrokerRegistration broker) {
    if (broker == null) {
      return new Refusal(
          ErrorCode.UNKNOWN_NODE,
          "expected a registered broker, but there is no broker " + brokerId,
          "jangada broker list");
    }
    if (broker.status() != BrokerStatus.FENCED) {
      return new Refusal(
          ErrorCode.UNSAFE,
          "expected broker " + brokerId + " to be stopped, but it is " + broker.status(),
          "stop it first, and see it FENCED: jangada broker list");
    }
    Collection<TopicIdPartition> replicas = image.partitionsOf(brokerId);
    if (!replicas.isEmpty()) {
      return new Refusal(
          ErrorCode.UNSAFE,
          "expected broker "
              + brokerId
              + " to hold no replicas, but it has "
              + replicas.size()
              + ", of "
              + topics(image, replicas),
          "start it again, or delete these topics; to move replicas elsewhere is not possible yet");
    }
    if (image.cluster().featureLevel() < FeatureRange.BROKER_REMOVED) {
      return new Refusal(
          ErrorCode.UNSUPPORTED,
          "expected feature level "
              + FeatureRange.BROKER_REMOVED
              + " or above to remove a broker, but it is "
              + image.cluster().featureLevel(),
          "raise it once every node runs this version: jangada quorum feature-level --set "
              + FeatureRange.BROKER_REMOVED);
    }
    return null;
  }

  private static String topics(MetadataImage image, Collection<TopicIdPartition> replicas) {
    List<UUID> ids = replicas.stream().map(TopicIdPartition::topicId).distinct().toList();
    String names =
        ids.stream()
            .limit(SHOWN)
            .map(image::topic)
            .map(topic -> topic == null ? "?" : name(topic))
            .collect(Collectors.joining(", "));
    return names + (ids.size() > SHOWN ? " and " + (ids.size() - SHOWN) + " more topics" : "");
  }

  private static String name(TopicImage topic) {
    return topic.name();
  }
}
