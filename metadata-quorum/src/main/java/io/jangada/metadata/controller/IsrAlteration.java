// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerIdAndEpoch;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A leader's proposals for its ISRs (REPLICATION.md, rules 5 to 8). A proposal that is accepted
 * always raises the partition epoch, also when it changes nothing: it puts an end to whatever was
 * proposed before.
 */
final class IsrAlteration {
  private final MetadataImage image;
  private final ControllerRequest.AlterIsr request;

  IsrAlteration(MetadataImage image, ControllerRequest.AlterIsr request) {
    this.image = image;
    this.request = request;
  }

  Decision decide() {
    Refusal stale = BrokerDecisions.checkEpoch(image, request.brokerId(), request.brokerEpoch());
    if (stale != null) {
      return Answers.failed(image, stale);
    }
    if (request.changes().size() > Controller.MAX_PARTITIONS_PER_ENTRY) {
      return Answers.failed(
          image,
          ErrorCode.INVALID_REQUEST,
          "expected at most "
              + Controller.MAX_PARTITIONS_PER_ENTRY
              + " ISR changes at once, but got "
              + request.changes().size(),
          "send them in several requests");
    }
    List<ItemPlan<ControllerAnswer.IsrChangeResult>> plans = new ArrayList<>();
    for (ControllerRequest.IsrChange change : request.changes()) {
      plans.add(plan(change));
    }
    return ItemPlan.decide(image, plans, ControllerAnswer.IsrAltered::new);
  }

  private ItemPlan<ControllerAnswer.IsrChangeResult> plan(ControllerRequest.IsrChange change) {
    TopicIdPartition id = change.partition();
    TopicImage topic = image.topic(id.topicId());
    if (topic == null) {
      return refused(
          id,
          new Refusal(
              ErrorCode.UNKNOWN_TOPIC,
              "expected a topic with id " + id.topicId() + ", but none has it"));
    }
    PartitionRegistration partition = topic.partitions().get(id.partition());
    if (partition == null) {
      return refused(
          id,
          new Refusal(
              ErrorCode.UNKNOWN_PARTITION, "expected partition " + id + ", but there is none"));
    }
    Refusal wrongLeader = checkLeader(change, partition);
    Refusal refusal = wrongLeader != null ? wrongLeader : checkMembers(change, partition);
    return refusal != null
        ? refused(id, refusal)
        : ItemPlan.proposed(
            item(change, partition, topic.typedConfigs().minInsyncReplicas()),
            rejected -> new ControllerAnswer.IsrChangeResult(id, rejected));
  }

  private static ItemPlan<ControllerAnswer.IsrChangeResult> refused(
      TopicIdPartition id, Refusal refusal) {
    return ItemPlan.settled(new ControllerAnswer.IsrChangeResult(id, refusal));
  }

  private @Nullable Refusal checkLeader(
      ControllerRequest.IsrChange change, PartitionRegistration partition) {
    TopicIdPartition id = change.partition();
    if (change.leaderEpoch() != partition.leaderEpoch()) {
      return new Refusal(
          change.leaderEpoch() < partition.leaderEpoch()
              ? ErrorCode.FENCED_LEADER_EPOCH
              : ErrorCode.UNKNOWN_LEADER_EPOCH,
          differs("leader epoch", id, partition.leaderEpoch(), change.leaderEpoch()));
    }
    if (partition.leader() != request.brokerId()) {
      return new Refusal(
          ErrorCode.NOT_LEADER, differs("leader", id, partition.leader(), request.brokerId()));
    }
    if (change.partitionEpoch() != partition.partitionEpoch()) {
      return new Refusal(
          ErrorCode.INVALID_UPDATE_VERSION,
          differs("partition epoch", id, partition.partitionEpoch(), change.partitionEpoch()));
    }
    return null;
  }

  private @Nullable Refusal checkMembers(
      ControllerRequest.IsrChange change, PartitionRegistration partition) {
    Set<Integer> seen = new HashSet<>();
    for (BrokerIdAndEpoch member : change.isr()) {
      if (!seen.add(member.brokerId()) || !partition.replicas().contains(member.brokerId())) {
        return new Refusal(
            ErrorCode.INVALID_REQUEST,
            "expected members among the replicas "
                + partition.replicas()
                + " of "
                + change.partition()
                + ", each once, but got "
                + change.isr());
      }
      boolean joins = !partition.isr().contains(member.brokerId());
      Refusal refusal = checkMember(member, joins);
      if (refusal != null) {
        return refusal;
      }
    }
    return seen.contains(request.brokerId())
        ? null
        : new Refusal(
            ErrorCode.INVALID_REQUEST,
            "expected leader "
                + request.brokerId()
                + " in the ISR of "
                + change.partition()
                + ", but got "
                + change.isr());
  }

  /**
   * Rule 6 (KIP-841, KIP-903). A member that is there already may be shutting down: its leader
   * could not take in a successor otherwise.
   */
  private @Nullable Refusal checkMember(BrokerIdAndEpoch member, boolean joins) {
    Refusal stale = BrokerDecisions.checkEpoch(image, member.brokerId(), member.brokerEpoch());
    if (stale != null) {
      return stale;
    }
    BrokerRegistration broker = image.broker(member.brokerId());
    BrokerStatus status = broker == null ? BrokerStatus.FENCED : broker.status();
    boolean eligible =
        status == BrokerStatus.ACTIVE || (status == BrokerStatus.SHUTTING_DOWN && !joins);
    return eligible
        ? null
        : new Refusal(
            ErrorCode.INVALID_REQUEST,
            "expected broker " + member + " to be in service, but it is " + status,
            "propose it again once it is in service");
  }

  private static BatchItem item(
      ControllerRequest.IsrChange change, PartitionRegistration before, int minInsyncReplicas) {
    TopicIdPartition id = change.partition();
    List<Integer> isr = change.isr().stream().map(BrokerIdAndEpoch::brokerId).toList();
    PartitionRegistration after =
        IsrRules.withIsr(before, isr, minInsyncReplicas)
            .withEpochs(before.leaderEpoch(), before.partitionEpoch() + 1);
    List<Precondition> preconditions = new ArrayList<>();
    preconditions.add(new Precondition.LeaderEpochIs(id, change.leaderEpoch()));
    preconditions.add(new Precondition.PartitionEpochIs(id, change.partitionEpoch()));
    for (BrokerIdAndEpoch member : change.isr()) {
      preconditions.add(new Precondition.BrokerEpochIs(member.brokerId(), member.brokerEpoch()));
    }
    return new BatchItem(preconditions, List.of(new MetadataRecord.PartitionRegistered(id, after)));
  }

  private static String differs(String what, TopicIdPartition id, int expected, int got) {
    return "expected " + what + " " + expected + " of " + id + ", but got " + got;
  }
}
