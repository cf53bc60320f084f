// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.command.UnfitDirectory;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigs;
import io.jangada.metadata.image.TopicImage;
import io.jangada.metadata.machine.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A broker that is in service gives up leaderships or rights: replicas that it cannot serve any
 * more (REPLICATION.md, rules 21 and 22), leaderships that it cannot exercise (rule 25), or those
 * that its slow disk holds up (rule 13).
 */
final class GivingUp {
  private final MetadataImage image;
  private final LeaderElector elector;
  private final int brokerId;

  private GivingUp(MetadataImage image, int brokerId) {
    this.image = image;
    this.elector = new LeaderElector(image);
    this.brokerId = brokerId;
  }

  /** What is to become of one partition. */
  @FunctionalInterface
  private interface Rule {
    PartitionRegistration apply(PartitionRegistration partition, TopicConfigs configs);
  }

  static Decision relinquish(MetadataImage image, ControllerRequest.RelinquishReplicas request) {
    Refusal refusal = check(image, request.brokerId(), request.brokerEpoch(), request.replicas());
    if (refusal != null) {
      return Answers.failed(image, refusal);
    }
    GivingUp givingUp = new GivingUp(image, request.brokerId());
    List<BatchItem> items = new ArrayList<>();
    if (image.cluster().featureLevel() >= FeatureRange.DURABLE) {
      for (UnfitDirectory directory : request.directories()) {
        givingUp.mark(directory, request.brokerEpoch(), items);
      }
    }
    for (TopicIdPartition id : request.replicas()) {
      givingUp.change(
          id,
          request.brokerEpoch(),
          (partition, configs) -> givingUp.withoutRights(partition, configs, request.suspect()),
          items);
    }
    return propose(image, items);
  }

  private void mark(UnfitDirectory directory, long brokerEpoch, List<BatchItem> items) {
    var broker = image.broker(brokerId);
    if (broker != null && !broker.unfit().contains(directory)) {
      items.add(
          new BatchItem(
              List.of(new Precondition.BrokerEpochIs(brokerId, brokerEpoch)),
              List.of(new MetadataRecord.DirectoryUnfit(brokerId, directory))));
    }
  }

  private PartitionRegistration withoutRights(
      PartitionRegistration partition, TopicConfigs configs, boolean suspect) {
    boolean last = partition.isr().size() + partition.elr().size() == 1;
    return partition.hasRights(brokerId) && !(suspect && last)
        ? elector.settled(
            IsrRules.withoutRights(partition, brokerId, configs.minInsyncReplicas()), configs)
        : partition;
  }

  static Decision resign(MetadataImage image, ControllerRequest.Resign request) {
    List<TopicIdPartition> partitions =
        request.partitions().stream().map(ControllerRequest.Leadership::partition).toList();
    Refusal refusal = check(image, request.brokerId(), request.brokerEpoch(), partitions);
    if (refusal != null) {
      return Answers.failed(image, refusal);
    }
    GivingUp givingUp = new GivingUp(image, request.brokerId());
    List<BatchItem> items = new ArrayList<>();
    for (ControllerRequest.Leadership leadership : request.partitions()) {
      givingUp.change(
          leadership.partition(),
          request.brokerEpoch(),
          (partition, configs) ->
              partition.leaderEpoch() == leadership.leaderEpoch()
                  ? givingUp.succeeded(partition, configs, Set.of())
                  : partition,
          items);
    }
    return propose(image, items);
  }

  /** Led by another one that may; the same where there is none. */
  private PartitionRegistration succeeded(
      PartitionRegistration partition, TopicConfigs configs, Set<Integer> unwilling) {
    if (partition.leader() != brokerId) {
      return partition;
    }
    int successor = elector.successor(partition, configs, unwilling);
    return successor == PartitionRegistration.NO_LEADER
        ? partition
        : LeaderElector.led(partition, successor, configs);
  }

  /**
   * What relieves a broker whose disk stalls: others lead in its place, and it leaves the ISR where
   * that is large enough without it, so that it holds up nobody.
   */
  static List<BatchItem> relief(
      MetadataImage image, int brokerId, Set<Integer> slow, boolean leadershipsOnly) {
    GivingUp givingUp = new GivingUp(image, brokerId);
    return PartitionChanges.items(
        PartitionChanges.by(
            image,
            (id, partition, configs) ->
                givingUp.relieved(partition, configs, slow, leadershipsOnly)));
  }

  private PartitionRegistration relieved(
      PartitionRegistration partition,
      TopicConfigs configs,
      Set<Integer> slow,
      boolean leadershipsOnly) {
    boolean leads = partition.leader() == brokerId;
    if (!partition.isr().contains(brokerId) || (leadershipsOnly && !leads)) {
      return partition;
    }
    List<Integer> healthy =
        partition.isr().stream()
            .filter(id -> id != brokerId && image.inService(id) && !slow.contains(id))
            .toList();
    if (healthy.isEmpty()) {
      return partition;
    }
    PartitionRegistration led = succeeded(partition, configs, slow);
    return healthy.size() >= IsrRules.required(partition, configs.minInsyncReplicas())
        ? IsrRules.withIsr(
            led,
            partition.isr().stream().filter(id -> id != brokerId).toList(),
            configs.minInsyncReplicas())
        : led;
  }

  private void change(TopicIdPartition id, long brokerEpoch, Rule rule, List<BatchItem> items) {
    TopicImage topic = image.topic(id.topicId());
    PartitionRegistration before = image.partition(id);
    if (topic == null || before == null) {
      return;
    }
    PartitionRegistration after = rule.apply(before, image.configs(topic)).following(before);
    if (!after.equals(before)) {
      items.add(
          new BatchItem(
              List.of(
                  new Precondition.BrokerEpochIs(brokerId, brokerEpoch),
                  new Precondition.PartitionEpochIs(id, before.partitionEpoch())),
              List.of(new MetadataRecord.PartitionRegistered(id, after))));
    }
  }

  private static @Nullable Refusal check(
      MetadataImage image, int brokerId, long brokerEpoch, List<TopicIdPartition> partitions) {
    return partitions.size() > Controller.MAX_PARTITIONS_PER_ENTRY
        ? new Refusal(
            ErrorCode.INVALID_REQUEST,
            "expected at most "
                + Controller.MAX_PARTITIONS_PER_ENTRY
                + " partitions at once, but got "
                + partitions.size(),
            "send them in several requests")
        : BrokerDecisions.checkEpoch(image, brokerId, brokerEpoch);
  }

  /** Done once nothing was rejected; a rejected item is decided again on what is then there. */
  private static Decision propose(MetadataImage image, List<BatchItem> items) {
    if (items.isEmpty()) {
      return Answers.done(image);
    }
    return new Decision.Propose(
        new ConditionalBatch(image.controllerEpoch(), items),
        applied -> {
          long index = applied.image().index();
          Refusal rejected = firstRejection(applied);
          return rejected == null
              ? new ControllerAnswer.Done(index)
              : new ControllerAnswer.Failed(index, rejected);
        });
  }

  private static @Nullable Refusal firstRejection(Applied applied) {
    for (int item = 0; item < applied.results().size(); item++) {
      Refusal refusal = Answers.refusal(applied, item);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }
}
