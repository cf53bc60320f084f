// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.Uuids;
import io.jangada.internal.v1.BrokerIdAndEpochProto;
import io.jangada.internal.v1.ControllerRequestProto;
import io.jangada.internal.v1.RecordProto;
import java.util.UUID;

/** Requests to the controller. */
final class RequestCodec {
  private RequestCodec() {}

  static ControllerRequestProto toProto(ControllerRequest request) {
    ControllerRequestProto.Builder builder = ControllerRequestProto.newBuilder();
    switch (request) {
      case ControllerRequest.ClaimController claim -> builder.setClaimController(claim.nodeId());
      case ControllerRequest.FormatCluster format ->
          builder.setFormatCluster(
              RecordProto.ClusterFormatted.newBuilder()
                  .setClusterId(Uuids.toBytes(format.clusterId()))
                  .setHistoryId(Uuids.toBytes(format.historyId())));
      case ControllerRequest.RegisterQuorumMember member ->
          builder.setRegisterQuorumMember(
              RecordProto.QuorumMember.newBuilder()
                  .setNodeId(member.nodeId())
                  .setDirectoryId(Uuids.toBytes(member.directoryId())));
      case ControllerRequest.RemoveBroker remove ->
          builder.setRemoveBroker(
              ControllerRequestProto.RemoveBroker.newBuilder()
                  .setBrokerId(remove.brokerId())
                  .setValidateOnly(remove.validateOnly()));
      case ControllerRequest.RegisterBroker register ->
          builder.setRegisterBroker(
              ControllerRequestProto.RegisterBroker.newBuilder()
                  .setBrokerId(register.brokerId())
                  .setIncarnation(Uuids.toBytes(register.incarnation()))
                  .setProfile(ValueCodec.toProto(register.profile()))
                  .setProvenance(ValueCodec.toProto(register.provenance()))
                  .setVerdicts(ValueCodec.toProto(register.verdicts())));
      case ControllerRequest.UnfenceBroker unfence ->
          builder.setUnfenceBroker(
              ControllerRequestProto.UnfenceBroker.newBuilder()
                  .setBroker(ValueCodec.toProto(unfence.brokerId(), unfence.brokerEpoch()))
                  .setMetadataIndex(unfence.metadataIndex()));
      case ControllerRequest.FenceBroker fence ->
          builder.setFenceBroker(
              ControllerRequestProto.FenceBroker.newBuilder()
                  .setBroker(ValueCodec.toProto(fence.brokerId(), fence.brokerEpoch()))
                  .setReason(fence.reason()));
      case ControllerRequest.ControlledShutdown shutdown ->
          builder.setControlledShutdown(
              ValueCodec.toProto(shutdown.brokerId(), shutdown.brokerEpoch()));
      case ControllerRequest.CreateTopics create -> builder.setCreateTopics(toProto(create));
      case ControllerRequest.DeleteTopics delete -> {
        ControllerRequestProto.DeleteTopics.Builder topics =
            builder.getDeleteTopicsBuilder().setValidateOnly(delete.validateOnly());
        delete.topicIds().forEach(id -> topics.addTopicIds(Uuids.toBytes(id)));
      }
      case ControllerRequest.AlterTopicConfigs alter ->
          builder.setAlterTopicConfigs(toProto(alter));
      case ControllerRequest.AlterSettings alter -> builder.setAlterSettings(toProto(alter));
      case ControllerRequest.AlterIsr alter -> builder.setAlterIsr(toProto(alter));
      case ControllerRequest.RelinquishReplicas relinquish ->
          builder.setRelinquishReplicas(PartitionRequestCodec.toProto(relinquish));
      case ControllerRequest.Resign resign ->
          builder.setResign(PartitionRequestCodec.toProto(resign));
      case ControllerRequest.ElectFromLastKnown elect ->
          builder.setElectFromLastKnown(PartitionRequestCodec.toProto(elect));
      case ControllerRequest.AddPartitions add ->
          builder.setAddPartitions(PartitionRequestCodec.toProto(add));
      case ControllerRequest.ElectPreferred elect ->
          builder.setElectPreferred(PartitionRequestCodec.toProto(elect));
      case ControllerRequest.SetFeatureLevel set -> put(set, builder);
      case ControllerRequest.AllocateProducerIds allocate ->
          builder.setAllocateProducerIds(
              ValueCodec.toProto(allocate.brokerId(), allocate.brokerEpoch()));
    }
    return builder.build();
  }

  private static void put(
      ControllerRequest.SetFeatureLevel set, ControllerRequestProto.Builder builder) {
    if (set.validateOnly()) {
      builder.setCheckFeatureLevel(set.level());
    } else {
      builder.setSetFeatureLevel(set.level());
    }
  }

  private static ControllerRequestProto.CreateTopics toProto(
      ControllerRequest.CreateTopics create) {
    ControllerRequestProto.CreateTopics.Builder builder =
        ControllerRequestProto.CreateTopics.newBuilder().setValidateOnly(create.validateOnly());
    for (ControllerRequest.NewTopic topic : create.topics()) {
      builder
          .addTopicsBuilder()
          .setName(topic.name())
          .setPartitions(topic.partitions())
          .setReplicationFactor(topic.replicationFactor())
          .addAllConfigs(ValueCodec.toProto(topic.configs()))
          .addAllAssignments(PartitionRequestCodec.toProto(topic.assignments()));
    }
    return builder.build();
  }

  private static ControllerRequestProto.AlterTopicConfigs toProto(
      ControllerRequest.AlterTopicConfigs alter) {
    ControllerRequestProto.AlterTopicConfigs.Builder builder =
        ControllerRequestProto.AlterTopicConfigs.newBuilder().setValidateOnly(alter.validateOnly());
    for (ControllerRequest.TopicConfigChange change : alter.changes()) {
      builder
          .addChangesBuilder()
          .setTopicId(Uuids.toBytes(change.topicId()))
          .addAllSet(ValueCodec.toProto(change.set()))
          .addAllUnset(change.unset());
    }
    return builder.build();
  }

  private static ControllerRequestProto.AlterSettings toProto(
      ControllerRequest.AlterSettings alter) {
    ControllerRequestProto.AlterSettings.Builder builder =
        ControllerRequestProto.AlterSettings.newBuilder().setValidateOnly(alter.validateOnly());
    for (ControllerRequest.SettingsChange change : alter.changes()) {
      builder
          .addChangesBuilder()
          .setBrokerId(change.brokerId())
          .addAllSet(ValueCodec.toProto(change.set()))
          .addAllUnset(change.unset());
    }
    return builder.build();
  }

  private static ControllerRequestProto.AlterIsr toProto(ControllerRequest.AlterIsr alter) {
    ControllerRequestProto.AlterIsr.Builder builder =
        ControllerRequestProto.AlterIsr.newBuilder()
            .setBroker(ValueCodec.toProto(alter.brokerId(), alter.brokerEpoch()));
    for (ControllerRequest.IsrChange change : alter.changes()) {
      ControllerRequestProto.IsrChange.Builder changeBuilder =
          builder
              .addChangesBuilder()
              .setPartition(ValueCodec.toProto(change.partition()))
              .setLeaderEpoch(change.leaderEpoch())
              .setPartitionEpoch(change.partitionEpoch());
      change
          .isr()
          .forEach(
              member ->
                  changeBuilder.addIsr(
                      ValueCodec.toProto(member.brokerId(), member.brokerEpoch())));
    }
    return builder.build();
  }

  static ControllerRequest fromProto(ControllerRequestProto request) {
    return switch (request.getKindCase()) {
      case CLAIM_CONTROLLER -> new ControllerRequest.ClaimController(request.getClaimController());
      case FORMAT_CLUSTER ->
          new ControllerRequest.FormatCluster(
              Uuids.fromBytes(request.getFormatCluster().getClusterId()),
              Uuids.fromBytes(request.getFormatCluster().getHistoryId()));
      case REGISTER_QUORUM_MEMBER ->
          new ControllerRequest.RegisterQuorumMember(
              request.getRegisterQuorumMember().getNodeId(),
              Uuids.fromBytes(request.getRegisterQuorumMember().getDirectoryId()));
      case REMOVE_BROKER ->
          new ControllerRequest.RemoveBroker(
              request.getRemoveBroker().getBrokerId(), request.getRemoveBroker().getValidateOnly());
      case REGISTER_BROKER -> fromProto(request.getRegisterBroker());
      case UNFENCE_BROKER -> {
        BrokerIdAndEpochProto broker = request.getUnfenceBroker().getBroker();
        yield new ControllerRequest.UnfenceBroker(
            broker.getBrokerId(),
            broker.getBrokerEpoch(),
            request.getUnfenceBroker().getMetadataIndex());
      }
      case FENCE_BROKER -> {
        BrokerIdAndEpochProto broker = request.getFenceBroker().getBroker();
        yield new ControllerRequest.FenceBroker(
            broker.getBrokerId(), broker.getBrokerEpoch(), request.getFenceBroker().getReason());
      }
      case CONTROLLED_SHUTDOWN ->
          new ControllerRequest.ControlledShutdown(
              request.getControlledShutdown().getBrokerId(),
              request.getControlledShutdown().getBrokerEpoch());
      case CREATE_TOPICS -> fromProto(request.getCreateTopics());
      case DELETE_TOPICS ->
          new ControllerRequest.DeleteTopics(
              request.getDeleteTopics().getTopicIdsList().stream()
                  .<UUID>map(Uuids::fromBytes)
                  .toList(),
              request.getDeleteTopics().getValidateOnly());
      case ALTER_TOPIC_CONFIGS -> fromProto(request.getAlterTopicConfigs());
      case ALTER_SETTINGS -> fromProto(request.getAlterSettings());
      case ALTER_ISR -> fromProto(request.getAlterIsr());
      case RELINQUISH_REPLICAS -> PartitionRequestCodec.fromProto(request.getRelinquishReplicas());
      case RESIGN -> PartitionRequestCodec.fromProto(request.getResign());
      case ELECT_FROM_LAST_KNOWN ->
          PartitionRequestCodec.fromProto(request.getElectFromLastKnown());
      case ADD_PARTITIONS -> PartitionRequestCodec.fromProto(request.getAddPartitions());
      case ELECT_PREFERRED -> PartitionRequestCodec.fromProto(request.getElectPreferred());
      case SET_FEATURE_LEVEL ->
          new ControllerRequest.SetFeatureLevel(request.getSetFeatureLevel(), false);
      case CHECK_FEATURE_LEVEL ->
          new ControllerRequest.SetFeatureLevel(request.getCheckFeatureLevel(), true);
      case ALLOCATE_PRODUCER_IDS ->
          new ControllerRequest.AllocateProducerIds(
              request.getAllocateProducerIds().getBrokerId(),
              request.getAllocateProducerIds().getBrokerEpoch());
      case KIND_NOT_SET -> throw MetadataCodec.unknown("controller request");
    };
  }

  private static ControllerRequest fromProto(ControllerRequestProto.RegisterBroker register) {
    return new ControllerRequest.RegisterBroker(
        register.getBrokerId(),
        Uuids.fromBytes(register.getIncarnation()),
        ValueCodec.fromProto(register.getProfile()),
        ValueCodec.fromProto(register.getProvenance()),
        ValueCodec.fromProto(register.getVerdicts()));
  }

  private static ControllerRequest fromProto(ControllerRequestProto.CreateTopics create) {
    return new ControllerRequest.CreateTopics(
        create.getTopicsList().stream()
            .map(
                topic ->
                    new ControllerRequest.NewTopic(
                        topic.getName(),
                        topic.getPartitions(),
                        topic.getReplicationFactor(),
                        ValueCodec.fromProto(topic.getConfigsList()),
                        PartitionRequestCodec.fromProto(topic.getAssignmentsList())))
            .toList(),
        create.getValidateOnly());
  }

  private static ControllerRequest fromProto(ControllerRequestProto.AlterTopicConfigs alter) {
    return new ControllerRequest.AlterTopicConfigs(
        alter.getChangesList().stream()
            .map(
                change ->
                    new ControllerRequest.TopicConfigChange(
                        Uuids.fromBytes(change.getTopicId()),
                        ValueCodec.fromProto(change.getSetList()),
                        change.getUnsetList()))
            .toList(),
        alter.getValidateOnly());
  }

  private static ControllerRequest fromProto(ControllerRequestProto.AlterSettings alter) {
    return new ControllerRequest.AlterSettings(
        alter.getChangesList().stream()
            .map(
                change ->
                    new ControllerRequest.SettingsChange(
                        change.getBrokerId(),
                        ValueCodec.fromProto(change.getSetList()),
                        change.getUnsetList()))
            .toList(),
        alter.getValidateOnly());
  }

  private static ControllerRequest fromProto(ControllerRequestProto.AlterIsr alter) {
    return new ControllerRequest.AlterIsr(
        alter.getBroker().getBrokerId(),
        alter.getBroker().getBrokerEpoch(),
        alter.getChangesList().stream()
            .map(
                change ->
                    new ControllerRequest.IsrChange(
                        ValueCodec.fromProto(change.getPartition()),
                        change.getLeaderEpoch(),
                        change.getPartitionEpoch(),
                        change.getIsrList().stream().map(ValueCodec::fromProto).toList()))
            .toList());
  }
}
