// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A broker's new incarnation. Its entry fences the one before: it leaves every ISR, what it led
 * gets a new leader epoch even if it is to be elected again, and it loses the rights for which its
 * log directories no longer speak (REPLICATION.md, rules 8 and 24). All in one item, so that no one
 * ever sees the new incarnation with the old one's leader epochs.
 */
final class RegistrationDecision {
  private RegistrationDecision() {}

  static Decision decide(MetadataImage image, ControllerRequest.RegisterBroker request) {
    BrokerRegistration earlier = image.broker(request.brokerId());
    if (earlier != null && earlier.incarnation().equals(request.incarnation())) {
      return new Decision.Answer(
          new ControllerAnswer.Registered(image.index(), earlier.brokerEpoch()));
    }
    int level = image.cluster().featureLevel();
    if (!request.profile().features().contains(level)) {
      return Answers.failed(
          image,
          ErrorCode.UNSUPPORTED,
          "expected a broker that understands feature level "
              + level
              + ", but broker "
              + request.brokerId()
              + " understands "
              + request.profile().features().min()
              + " to "
              + request.profile().features().max(),
          "run the version that the rest of the cluster runs");
    }
    BrokerRegistration registration =
        new BrokerRegistration(
            request.brokerId(),
            BrokerRegistration.UNASSIGNED,
            request.incarnation(),
            BrokerStatus.FENCED,
            request.profile(),
            request.provenance());
    return Answers.propose(
        image,
        List.of(item(image, registration, earlier)),
        index -> new ControllerAnswer.Registered(index, index));
  }

  private static BatchItem item(
      MetadataImage image, BrokerRegistration registration, @Nullable BrokerRegistration earlier) {
    int brokerId = registration.brokerId();
    MetadataRecord registered = new MetadataRecord.BrokerRegistered(registration);
    LeaderElector elector = new LeaderElector(image.with(registered));
    boolean keepsLogs =
        earlier != null && registration.provenance().continues(earlier.provenance());
    List<Precondition> preconditions = new ArrayList<>();
    List<MetadataRecord> records = new ArrayList<>();
    preconditions.add(
        earlier == null
            ? new Precondition.BrokerAbsent(brokerId)
            : new Precondition.IncarnationIs(brokerId, earlier.incarnation()));
    PartitionChanges.Rule rule =
        (partition, minInsyncReplicas) -> {
          if (!partition.hasRights(brokerId)) {
            return partition;
          }
          PartitionRegistration settled = elector.settled(partition, minInsyncReplicas);
          return keepsLogs ? settled : IsrRules.withoutEligible(settled, brokerId);
        };
    for (PartitionChanges.Change change : PartitionChanges.by(image, rule)) {
      preconditions.add(change.precondition());
      records.add(change.record());
    }
    records.add(registered);
    return new BatchItem(preconditions, records);
  }
}
