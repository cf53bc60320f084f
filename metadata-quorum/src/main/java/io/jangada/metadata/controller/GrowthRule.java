// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.TopicConfigKey;
import java.util.Optional;
import java.util.Set;

/**
 * While room is scarce, nothing is begun that adds to the metadata. What keeps the cluster going
 * takes little and passes, and so does what makes room.
 */
public final class GrowthRule {
  /** An operator may have to lower them to get room. */
  private static final Set<String> MAKE_ROOM =
      Set.of(TopicConfigKey.RETENTION_MS.key(), TopicConfigKey.RETENTION_BYTES.key());

  private GrowthRule() {}

  /** Why the request may not be proposed, or empty. */
  static Optional<Refusal> refusal(ControllerRequest request, MetadataRoom room) {
    if (!room.scarce() || !grows(request)) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            ErrorCode.DISK_FULL,
            "expected at least "
                + room.reserveBytes()
                + " bytes free for the metadata, but the controller's disk has "
                + room.usableBytes(),
            "make room on the disk of the controller's storage.directory, or delete topics, and"
                + " send again"));
  }

  /** Whether it adds to the metadata for good. */
  public static boolean grows(ControllerRequest request) {
    return switch (request) {
      case ControllerRequest.CreateTopics create -> !create.validateOnly();
      case ControllerRequest.AddPartitions add -> !add.validateOnly();
      case ControllerRequest.AlterTopicConfigs alter ->
          !alter.validateOnly()
              && alter.changes().stream()
                  .anyMatch(change -> !MAKE_ROOM.containsAll(change.set().keySet()));
      case ControllerRequest.AlterSettings alter ->
          !alter.validateOnly()
              && alter.changes().stream()
                  .anyMatch(change -> !MAKE_ROOM.containsAll(change.set().keySet()));
      case ControllerRequest.ClaimController ignored -> false;
      case ControllerRequest.FormatCluster ignored -> false;
      case ControllerRequest.RegisterQuorumMember ignored -> false;
      case ControllerRequest.RegisterBroker ignored -> false;
      case ControllerRequest.UnfenceBroker ignored -> false;
      case ControllerRequest.FenceBroker ignored -> false;
      case ControllerRequest.ControlledShutdown ignored -> false;
      case ControllerRequest.RemoveBroker ignored -> false;
      case ControllerRequest.DeleteTopics ignored -> false;
      case ControllerRequest.AlterIsr ignored -> false;
      case ControllerRequest.RelinquishReplicas ignored -> false;
      case ControllerRequest.Resign ignored -> false;
      case ControllerRequest.ElectFromLastKnown ignored -> false;
      case ControllerRequest.ElectPreferred ignored -> false;
      case ControllerRequest.SetFeatureLevel ignored -> false;
      case ControllerRequest.AllocateProducerIds ignored -> false;
    };
  }
}
