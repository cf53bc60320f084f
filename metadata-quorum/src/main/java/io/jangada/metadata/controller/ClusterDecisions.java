// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;
import java.util.UUID;

/** What concerns the cluster as a whole. */
final class ClusterDecisions {
  /** As many as Kafka's controller gives at once. */
  static final int PRODUCER_IDS_PER_BLOCK = 1000;

  private ClusterDecisions() {}

  static Decision claim(ControllerRequest.ClaimController claim) {
    MetadataRecord record =
        new MetadataRecord.ControllerClaimed(claim.nodeId(), ConditionalBatch.CLAIMING);
    return Answers.propose(
        new ConditionalBatch(
            ConditionalBatch.CLAIMING, List.of(new BatchItem(List.of(), List.of(record)))),
        index -> new ControllerAnswer.Claimed(index, index));
  }

  static Decision format(MetadataImage image, ControllerRequest.FormatCluster format) {
    UUID clusterId = image.cluster().clusterId();
    if (clusterId == null) {
      return Answers.propose(
          image,
          List.of(
              new BatchItem(
                  List.of(),
                  List.of(
                      new MetadataRecord.ClusterFormatted(format.clusterId(), format.historyId()),
                      new MetadataRecord.FeatureLevelSet(FeatureRange.SUPPORTED.max())))),
          ControllerAnswer.Done::new);
    }
    if (clusterId.equals(format.clusterId())) {
      return Answers.done(image);
    }
    return Answers.failed(
        image,
        ErrorCode.INCONSISTENT_CLUSTER_ID,
        "expected cluster " + clusterId + ", but the request is for " + format.clusterId(),
        "point the node at the cluster it was formatted for, or format it again");
  }

  static Decision registerMember(
      MetadataImage image, ControllerRequest.RegisterQuorumMember member) {
    // Who votes is written in the log; a member that was replaced has another directory there.
    if (member.directoryId().equals(image.quorumMembers().get(member.nodeId()))) {
      return Answers.done(image);
    }
    MetadataRecord record =
        new MetadataRecord.QuorumMemberRegistered(member.nodeId(), member.directoryId());
    return Answers.propose(
        image, List.of(new BatchItem(List.of(), List.of(record))), ControllerAnswer.Done::new);
  }

  static Decision setFeatureLevel(MetadataImage image, ControllerRequest.SetFeatureLevel set) {
    int level = image.cluster().featureLevel();
    if (set.level() == level) {
      return Answers.done(image);
    }
    if (set.level() < level || !FeatureRange.SUPPORTED.contains(set.level())) {
      return Answers.failed(
          image,
          ErrorCode.INVALID_REQUEST,
          "expected a feature level from "
              + level
              + " to "
              + FeatureRange.SUPPORTED.max()
              + ", but got "
              + set.level(),
          "a level that was raised cannot be lowered");
    }
    for (BrokerRegistration broker : image.brokers().values()) {
      if (!broker.profile().features().contains(set.level())) {
        return Answers.failed(
            image,
            ErrorCode.UNSUPPORTED,
            "expected every broker to understand feature level "
                + set.level()
                + ", but broker "
                + broker.brokerId()
                + " does not",
            "upgrade it first");
      }
    }
    if (set.validateOnly()) {
      return Answers.done(image);
    }
    return Answers.propose(
        image,
        List.of(new BatchItem(List.of(), List.of(new MetadataRecord.FeatureLevelSet(set.level())))),
        ControllerAnswer.Done::new);
  }

  static Decision allocateProducerIds(
      MetadataImage image, ControllerRequest.AllocateProducerIds request) {
    Refusal refusal = BrokerDecisions.checkEpoch(image, request.brokerId(), request.brokerEpoch());
    if (refusal != null) {
      return Answers.failed(image, refusal);
    }
    long first = image.cluster().nextProducerId();
    long next = first + PRODUCER_IDS_PER_BLOCK;
    return Answers.propose(
        image,
        List.of(
            new BatchItem(
                List.of(
                    new Precondition.BrokerEpochIs(request.brokerId(), request.brokerEpoch()),
                    new Precondition.NextProducerIdIs(first)),
                List.of(new MetadataRecord.ProducerIdsAllocated(next)))),
        index -> new ControllerAnswer.ProducerIds(index, first, PRODUCER_IDS_PER_BLOCK));
  }
}
