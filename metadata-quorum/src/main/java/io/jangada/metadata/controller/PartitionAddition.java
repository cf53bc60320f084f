// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerAnswer.AddPartitionsResult;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Adds partitions to living topics, each topic's on its own, with as many replicas as the topic has
 * and spread as if they had been created with it. A partition that was added meanwhile cannot be
 * registered anew, so that of two additions at once one is rejected as a whole.
 *
 * <p>Not thread-safe; one for each request.
 */
final class PartitionAddition {
  private final MetadataImage image;
  private final SplittableRandom random;
  private int addedSoFar;

  PartitionAddition(MetadataImage image, long seed) {
    this.image = image;
    this.random = new SplittableRandom(seed);
  }

  Decision decide(ControllerRequest.AddPartitions request) {
    List<ItemPlan<AddPartitionsResult>> plans = new ArrayList<>();
    for (ControllerRequest.PartitionCount topic : request.topics()) {
      plans.add(plan(topic, request.validateOnly()));
    }
    return ItemPlan.decide(image, plans, ControllerAnswer.PartitionsAdded::new);
  }

  private ItemPlan<AddPartitionsResult> plan(
      ControllerRequest.PartitionCount wanted, boolean validateOnly) {
    TopicImage topic = image.topic(wanted.topicId());
    Refusal refusal =
        topic == null
            ? new Refusal(
                ErrorCode.UNKNOWN_TOPIC,
                "expected a topic with id " + wanted.topicId() + ", but there is none")
            : check(topic, wanted);
    if (topic == null || refusal != null) {
      return ItemPlan.settled(new AddPartitionsResult(wanted.topicId(), 0, 0, refusal));
    }
    AddPartitionsResult done =
        new AddPartitionsResult(topic.id(), topic.partitions().size(), wanted.partitions(), null);
    addedSoFar += wanted.partitions() - topic.partitions().size();
    return validateOnly
        ? ItemPlan.settled(done)
        : ItemPlan.proposed(
            item(topic, wanted),
            rejected ->
                rejected == null ? done : new AddPartitionsResult(topic.id(), 0, 0, rejected));
  }

  private @Nullable Refusal check(TopicImage topic, ControllerRequest.PartitionCount addition) {
    int present = topic.partitions().size();
    int wanted = addition.partitions();
    if (TopicNames.internal(topic.name())) {
      return new Refusal(
          ErrorCode.INVALID_PARTITIONS,
          "expected a topic of users, but the cluster keeps "
              + topic.name()
              + " for itself, and what is in it is found by the number of its partitions");
    }
    if (wanted <= present) {
      return new Refusal(
          ErrorCode.INVALID_PARTITIONS,
          "expected more than the "
              + present
              + " partitions that "
              + topic.name()
              + " has, but got "
              + wanted,
          "partitions cannot be taken away: their records would be lost");
    }
    int most = TopicCreation.mostPartitions(image);
    if (wanted > most) {
      return new Refusal(
          ErrorCode.INVALID_PARTITIONS,
          "expected at most " + most + " partitions, but got " + wanted,
          most < TopicCreation.MAX_PARTITIONS
              ? SettingKey.MAX_PARTITIONS_PER_TOPIC.key() + " limits them"
              : "");
    }
    if (addedSoFar + wanted - present > TopicCreation.MAX_PARTITIONS) {
      return new Refusal(
          ErrorCode.INVALID_PARTITIONS,
          "expected at most "
              + TopicCreation.MAX_PARTITIONS
              + " partitions in one request, but there are more",
          "ask for the topics one by one");
    }
    return addition.assignments() == null
        ? checkReplicationFactor(topic)
        : checkAssignments(topic, wanted - present, addition.assignments());
  }

  private @Nullable Refusal checkAssignments(
      TopicImage topic, int additional, List<List<Integer>> assignments) {
    return assignments.size() != additional
        ? new Refusal(
            ErrorCode.INVALID_REPLICA_ASSIGNMENT,
            "expected the replicas of "
                + additional
                + " more partitions, but got those of "
                + assignments.size())
        : ManualAssignment.check(
            image, assignments, topic.partitions().size(), topic.replicationFactor());
  }

  private @Nullable Refusal checkReplicationFactor(TopicImage topic) {
    int replicationFactor = topic.replicationFactor();
    return replicationFactor <= image.brokers().size()
        ? TopicCreation.noneInService(image)
        : new Refusal(
            ErrorCode.INVALID_REPLICATION_FACTOR,
            "expected as many registered brokers as "
                + topic.name()
                + " has replicas, "
                + replicationFactor
                + ", but there are "
                + image.brokers().size(),
            "start the brokers that are missing: jangada broker list");
  }

  private BatchItem item(TopicImage topic, ControllerRequest.PartitionCount addition) {
    ReplicaPlacer placer = new ReplicaPlacer(image.brokers().values(), random.nextLong());
    topic.partitions().values().stream()
        .map(PartitionRegistration::replicas)
        .forEach(placer::count);
    List<MetadataRecord> records = new ArrayList<>();
    int present = topic.partitions().size();
    List<List<Integer>> chosen = addition.assignments();
    for (int partition = present; partition < addition.partitions(); partition++) {
      records.add(
          new MetadataRecord.PartitionRegistered(
              topic.partitionId(partition),
              chosen == null
                  ? placer.place(topic.replicationFactor())
                  : ManualAssignment.registration(image, chosen.get(partition - present))));
    }
    return new BatchItem(List.of(new Precondition.TopicIdIs(topic.name(), topic.id())), records);
  }
}
