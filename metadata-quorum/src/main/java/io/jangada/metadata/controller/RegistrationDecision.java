// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A broker's new incarnation. Its entry fences the one before: it leaves every ISR, what it led
 * gets a new leader epoch even if it is to be elected again, and it loses the rights for which its
 * logs no longer speak (REPLICATION.md, rules 8 and 24). All in one item, so that no one ever sees
 * the new incarnation with the old one's leader epochs. Where that would be too much for one entry,
 * the old incarnation is fenced first, and loses those rights in entries of their own.
 */
final class RegistrationDecision {
  private RegistrationDecision() {}

  static Decision decide(MetadataImage image, ControllerRequest.RegisterBroker request) {
    BrokerRegistration earlier = image.broker(request.brokerId());
    if (earlier != null && earlier.incarnation().equals(request.incarnation())) {
      return new Decision.Answer(
          new ControllerAnswer.Registered(image.index(), earlier.brokerEpoch()));
    }
    if (earlier != null && request.provenance().isBefore(earlier.provenance())) {
      return Answers.failed(
          image,
          ErrorCode.STALE_BROKER_EPOCH,
          "expected the newest process on the data directory of broker "
              + request.brokerId()
              + ", run "
              + earlier.provenance().run().number()
              + ", but this is run "
              + request.provenance().run().number(),
          "a newer process with this broker id has registered; this one is of the past");
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
    boolean durable = level >= FeatureRange.DURABLE;
    BrokerRegistration registration =
        new BrokerRegistration(
            request.brokerId(),
            BrokerRegistration.UNASSIGNED,
            request.incarnation(),
            BrokerStatus.FENCED,
            request.profile(),
            durable ? request.provenance() : request.provenance().withoutRun());
    MetadataRecord.BrokerRegistered registered = new MetadataRecord.BrokerRegistered(registration);
    List<PartitionChanges.Change> changes =
        PartitionChanges.by(
            image,
            new KeptRights(
                    image.with(registered), earlier, registration, request.verdicts(), durable)
                ::after);
    if (earlier != null && changes.size() > Controller.MAX_PARTITIONS_PER_ENTRY) {
      return prepare(image, earlier, changes);
    }
    return Answers.propose(
        image,
        List.of(item(image, registered, earlier, changes)),
        index -> new ControllerAnswer.Registered(index, index));
  }

  /** Takes the first of the rights away and has the registration decided again. */
  private static Decision prepare(
      MetadataImage image, BrokerRegistration earlier, List<PartitionChanges.Change> changes) {
    List<BatchItem> items = new ArrayList<>();
    if (earlier.status() != BrokerStatus.FENCED) {
      items.add(
          new BatchItem(
              List.of(new Precondition.BrokerEpochIs(earlier.brokerId(), earlier.brokerEpoch())),
              List.of(
                  new MetadataRecord.BrokerStatusChanged(
                      earlier.brokerId(), BrokerStatus.FENCED, "a new process registers"))));
    }
    items.addAll(PartitionChanges.items(changes.subList(0, Controller.MAX_PARTITIONS_PER_ENTRY)));
    return new Decision.Propose(
        new ConditionalBatch(image.controllerEpoch(), items),
        applied ->
            new ControllerAnswer.Failed(
                applied.image().index(),
                new Refusal(
                    ErrorCode.INVALID_UPDATE_VERSION,
                    "expected few enough partitions to register broker "
                        + earlier.brokerId()
                        + " in one entry, but there were "
                        + changes.size(),
                    "ask again: the first are done")));
  }

  private static BatchItem item(
      MetadataImage image,
      MetadataRecord.BrokerRegistered registered,
      @Nullable BrokerRegistration earlier,
      List<PartitionChanges.Change> changes) {
    int brokerId = registered.registration().brokerId();
    List<Precondition> preconditions = new ArrayList<>();
    List<MetadataRecord> records = new ArrayList<>();
    preconditions.add(
        earlier == null
            ? new Precondition.BrokerAbsent(brokerId)
            : new Precondition.IncarnationIs(brokerId, earlier.incarnation()));
    if (image.cluster().featureLevel() >= FeatureRange.DURABLE) {
      preconditions.add(new Precondition.RightsWithin(brokerId, rights(image, brokerId)));
    }
    for (PartitionChanges.Change change : changes) {
      preconditions.add(change.precondition());
      records.add(change.record());
    }
    records.add(registered);
    return new BatchItem(preconditions, records);
  }

  private static SortedSet<TopicIdPartition> rights(MetadataImage image, int brokerId) {
    SortedSet<TopicIdPartition> rights = new TreeSet<>();
    image.forEachPartition(
        (id, partition) -> {
          if (partition.hasRights(brokerId)) {
            rights.add(id);
          }
        });
    return rights;
  }
}
