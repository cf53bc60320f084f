// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides what to propose. Pure and stateless: everything it knows is in the image. Whoever drives
 * it proposes the batches, and sweeps after whatever may have left partitions behind.
 */
public final class Controller {
  /** The most partitions that one entry changes, but for the creation of a topic. */
  public static final int MAX_PARTITIONS_PER_ENTRY = 500;

  private Controller() {}

  /**
   * What to do about a request, with regard to the room there is.
   *
   * @param room of this controller's disk
   * @return as {@link #decide(MetadataImage, ControllerRequest, long)}; refused with DISK_FULL
   *     where it would add to the metadata while room is scarce
   */
  public static Decision decide(
      MetadataImage image, MetadataRoom room, ControllerRequest request, long seed) {
    return GrowthRule.refusal(request, room)
        .<Decision>map(
            refusal -> new Decision.Answer(new ControllerAnswer.Failed(image.index(), refusal)))
        .orElseGet(() -> decide(image, request, seed));
  }

  /**
   * What to do about a request.
   *
   * @param image the newest that is known; one that is older costs a rejection, never safety
   * @param seed drawn anew for each request, from a good source: ids come from it
   */
  public static Decision decide(MetadataImage image, ControllerRequest request, long seed) {
    return switch (request) {
      case ControllerRequest.ClaimController claim -> ClusterDecisions.claim(claim);
      case ControllerRequest.FormatCluster format -> ClusterDecisions.format(image, format);
      case ControllerRequest.RegisterQuorumMember member ->
          ClusterDecisions.registerMember(image, member);
      case ControllerRequest.RegisterBroker register ->
          RegistrationDecision.decide(image, register);
      case ControllerRequest.UnfenceBroker unfence -> BrokerDecisions.unfence(image, unfence);
      case ControllerRequest.FenceBroker fence -> BrokerDecisions.fence(image, fence);
      case ControllerRequest.ControlledShutdown shutdown ->
          BrokerDecisions.shutDown(image, shutdown);
      case ControllerRequest.RemoveBroker remove -> BrokerRemoval.decide(image, remove);
      case ControllerRequest.CreateTopics create -> new TopicCreation(image, seed).decide(create);
      case ControllerRequest.DeleteTopics delete -> TopicDeletion.decide(image, delete);
      case ControllerRequest.AddPartitions add -> new PartitionAddition(image, seed).decide(add);
      case ControllerRequest.AlterTopicConfigs alter -> TopicAlteration.decide(image, alter);
      case ControllerRequest.AlterSettings alter -> SettingsAlteration.decide(image, alter);
      case ControllerRequest.AlterIsr alter -> new IsrAlteration(image, alter).decide();
      case ControllerRequest.RelinquishReplicas relinquish ->
          GivingUp.relinquish(image, relinquish);
      case ControllerRequest.Resign resign -> GivingUp.resign(image, resign);
      case ControllerRequest.ElectFromLastKnown elect -> UncleanElection.decide(image, elect);
      case ControllerRequest.ElectPreferred elect -> PreferredElection.decide(image, elect);
      case ControllerRequest.SetFeatureLevel set -> ClusterDecisions.setFeatureLevel(image, set);
      case ControllerRequest.AllocateProducerIds allocate ->
          ClusterDecisions.allocateProducerIds(image, allocate);
    };
  }

  /**
   * What brings every partition in line with the state of its brokers: no one fenced leads or is in
   * an ISR, and whoever can be elected is. To be called after a claim, and after the status of a
   * broker has changed; to be repeated until it is empty, since items may be rejected.
   *
   * @return batches of at most {@link #MAX_PARTITIONS_PER_ENTRY} partitions, independent of each
   *     other
   */
  public static List<ConditionalBatch> sweep(MetadataImage image) {
    return batches(image, PartitionChanges.settling(image, image));
  }

  /**
   * What relieves a broker whose disk stalls (REPLICATION.md, rule 13): leaders that can be elected
   * elsewhere are, and it leaves the ISRs that are large enough without it. Whoever is healthy
   * stays. To be done once as a whole when the disk begins to stall, and from then on for
   * leaderships only: an idle partition's leader takes a stalled member in again, rightly.
   *
   * @param slow the brokers whose disks stall now
   * @param leadershipsOnly not where it is a follower
   * @return as {@link #sweep}
   */
  public static List<ConditionalBatch> relief(
      MetadataImage image, int brokerId, Set<Integer> slow, boolean leadershipsOnly) {
    return batches(image, GivingUp.relief(image, brokerId, slow, leadershipsOnly));
  }

  private static List<ConditionalBatch> batches(MetadataImage image, List<BatchItem> items) {
    List<ConditionalBatch> batches = new ArrayList<>();
    for (int from = 0; from < items.size(); from += MAX_PARTITIONS_PER_ENTRY) {
      int to = Math.min(items.size(), from + MAX_PARTITIONS_PER_ENTRY);
      batches.add(new ConditionalBatch(image.controllerEpoch(), items.subList(from, to)));
    }
    return batches;
  }
}
