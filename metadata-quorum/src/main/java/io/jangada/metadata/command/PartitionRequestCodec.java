// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.Uuids;
import io.jangada.internal.v1.ControllerRequestProto;
import java.util.List;

/** Requests about the replicas and leaders of partitions, and for more of them. */
final class PartitionRequestCodec {
  private PartitionRequestCodec() {}

  static ControllerRequestProto.RelinquishReplicas toProto(
      ControllerRequest.RelinquishReplicas relinquish) {
    return ControllerRequestProto.RelinquishReplicas.newBuilder()
        .setBroker(ValueCodec.toProto(relinquish.brokerId(), relinquish.brokerEpoch()))
        .addAllReplicas(relinquish.replicas().stream().map(ValueCodec::toProto).toList())
        .addAllDirectories(relinquish.directories().stream().map(ValueCodec::toProto).toList())
        .setSuspect(relinquish.suspect())
        .setReason(relinquish.reason())
        .build();
  }

  static ControllerRequest fromProto(ControllerRequestProto.RelinquishReplicas relinquish) {
    return new ControllerRequest.RelinquishReplicas(
        relinquish.getBroker().getBrokerId(),
        relinquish.getBroker().getBrokerEpoch(),
        relinquish.getReplicasList().stream().map(ValueCodec::fromProto).toList(),
        relinquish.getSuspect(),
        relinquish.getDirectoriesList().stream().map(ValueCodec::fromProto).toList(),
        relinquish.getReason());
  }

  static ControllerRequestProto.Resign toProto(ControllerRequest.Resign resign) {
    ControllerRequestProto.Resign.Builder builder =
        ControllerRequestProto.Resign.newBuilder()
            .setBroker(ValueCodec.toProto(resign.brokerId(), resign.brokerEpoch()));
    for (ControllerRequest.Leadership leadership : resign.partitions()) {
      builder
          .addPartitionsBuilder()
          .setPartition(ValueCodec.toProto(leadership.partition()))
          .setLeaderEpoch(leadership.leaderEpoch());
    }
    return builder.build();
  }

  static ControllerRequest fromProto(ControllerRequestProto.Resign resign) {
    return new ControllerRequest.Resign(
        resign.getBroker().getBrokerId(),
        resign.getBroker().getBrokerEpoch(),
        resign.getPartitionsList().stream()
            .map(
                leadership ->
                    new ControllerRequest.Leadership(
                        ValueCodec.fromProto(leadership.getPartition()),
                        leadership.getLeaderEpoch()))
            .toList());
  }

  static ControllerRequestProto.ElectFromLastKnown toProto(
      ControllerRequest.ElectFromLastKnown elect) {
    return ControllerRequestProto.ElectFromLastKnown.newBuilder()
        .setPartition(ValueCodec.toProto(elect.partition()))
        .setCandidate(elect.candidate())
        .setValidateOnly(elect.validateOnly())
        .build();
  }

  static ControllerRequest fromProto(ControllerRequestProto.ElectFromLastKnown elect) {
    return new ControllerRequest.ElectFromLastKnown(
        ValueCodec.fromProto(elect.getPartition()), elect.getCandidate(), elect.getValidateOnly());
  }

  static ControllerRequestProto.AddPartitions toProto(ControllerRequest.AddPartitions add) {
    ControllerRequestProto.AddPartitions.Builder builder =
        ControllerRequestProto.AddPartitions.newBuilder().setValidateOnly(add.validateOnly());
    for (ControllerRequest.PartitionCount topic : add.topics()) {
      ControllerRequestProto.PartitionCount.Builder count =
          builder
              .addTopicsBuilder()
              .setTopicId(Uuids.toBytes(topic.topicId()))
              .setPartitions(topic.partitions());
      if (topic.assignments() != null) {
        count.getAssignmentsBuilder().addAllPartitions(toProto(topic.assignments()));
      }
    }
    return builder.build();
  }

  static ControllerRequest fromProto(ControllerRequestProto.AddPartitions add) {
    return new ControllerRequest.AddPartitions(
        add.getTopicsList().stream()
            .map(
                topic ->
                    new ControllerRequest.PartitionCount(
                        Uuids.fromBytes(topic.getTopicId()),
                        topic.getPartitions(),
                        topic.hasAssignments()
                            ? fromProto(topic.getAssignments().getPartitionsList())
                            : null))
            .toList(),
        add.getValidateOnly());
  }

  static List<ControllerRequestProto.Replicas> toProto(List<List<Integer>> assignments) {
    return assignments.stream()
        .map(
            replicas ->
                ControllerRequestProto.Replicas.newBuilder().addAllBrokerIds(replicas).build())
        .toList();
  }

  static List<List<Integer>> fromProto(List<ControllerRequestProto.Replicas> assignments) {
    return assignments.stream().map(ControllerRequestProto.Replicas::getBrokerIdsList).toList();
  }

  static ControllerRequestProto.ElectPreferred toProto(ControllerRequest.ElectPreferred elect) {
    return ControllerRequestProto.ElectPreferred.newBuilder()
        .addAllPartitions(elect.partitions().stream().map(ValueCodec::toProto).toList())
        .setValidateOnly(elect.validateOnly())
        .build();
  }

  static ControllerRequest fromProto(ControllerRequestProto.ElectPreferred elect) {
    return new ControllerRequest.ElectPreferred(
        elect.getPartitionsList().stream().map(ValueCodec::fromProto).toList(),
        elect.getValidateOnly());
  }
}
