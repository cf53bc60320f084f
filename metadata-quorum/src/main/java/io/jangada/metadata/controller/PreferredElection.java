// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerAnswer.PreferredElectionResult;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An operator's election of the preferred replicas, the first ones: after restarts, leaderships lie
 * where they were moved to. Only a member of the ISR that is in service is elected, as when a
 * broker shuts down, so nothing that was acknowledged is lost.
 */
final class PreferredElection {
  private PreferredElection() {}

  static Decision decide(MetadataImage image, ControllerRequest.ElectPreferred request) {
    if (request.partitions().size() > Controller.MAX_PARTITIONS_PER_ENTRY) {
      return Answers.failed(
          image,
          ErrorCode.INVALID_REQUEST,
          "expected at most "
              + Controller.MAX_PARTITIONS_PER_ENTRY
              + " partitions at once, but got "
              + request.partitions().size(),
          "send them in several requests");
    }
    List<ItemPlan<PreferredElectionResult>> plans = new ArrayList<>();
    for (TopicIdPartition id : request.partitions()) {
      plans.add(plan(image, id, request.validateOnly()));
    }
    return ItemPlan.decide(image, plans, ControllerAnswer.PreferredElected::new);
  }

  private static ItemPlan<PreferredElectionResult> plan(
      MetadataImage image, TopicIdPartition id, boolean validateOnly) {
    TopicImage topic = image.topic(id.topicId());
    PartitionRegistration before = image.partition(id);
    if (topic == null || before == null) {
      int none = PartitionRegistration.NO_LEADER;
      Refusal unknown =
          new Refusal(
              topic == null ? ErrorCode.UNKNOWN_TOPIC : ErrorCode.UNKNOWN_PARTITION,
              "expected partition " + id + ", but there is none",
              "jangada topic list shows the topics there are");
      return ItemPlan.settled(new PreferredElectionResult(id, none, none, unknown));
    }
    int preferred = before.replicas().getFirst();
    Refusal refusal = before.leader() == preferred ? null : check(image, before, preferred);
    PreferredElectionResult done =
        new PreferredElectionResult(id, before.leader(), preferred, null);
    if (refusal != null) {
      return ItemPlan.settled(refused(id, before, refusal));
    }
    if (validateOnly || before.leader() == preferred) {
      return ItemPlan.settled(done);
    }
    PartitionRegistration after =
        LeaderElector.led(before, preferred, image.configs(topic)).following(before);
    BatchItem item = new PartitionChanges.Change(id, before, after).item();
    return ItemPlan.proposed(
        item, rejected -> rejected == null ? done : refused(id, before, rejected));
  }

  private static PreferredElectionResult refused(
      TopicIdPartition id, PartitionRegistration before, Refusal refusal) {
    return new PreferredElectionResult(id, before.leader(), before.leader(), refusal);
  }

  private static @Nullable Refusal check(
      MetadataImage image, PartitionRegistration partition, int preferred) {
    BrokerRegistration broker = image.broker(preferred);
    if (broker == null || !broker.inService()) {
      return new Refusal(
          ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
          "expected the preferred replica, broker "
              + preferred
              + ", to be in service, but it is "
              + (broker == null
                  ? "not registered"
                  : broker.status().name().toLowerCase(Locale.ROOT).replace('_', ' ')),
          "start it, wait until it has caught up, and ask again");
    }
    return partition.isr().contains(preferred)
        ? null
        : new Refusal(
            ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
            "expected the preferred replica, broker "
                + preferred
                + ", to be in sync, but the ISR is "
                + partition.isr(),
            "it is catching up: wait, and ask again");
  }
}
