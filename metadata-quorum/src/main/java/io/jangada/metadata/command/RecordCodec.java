// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.Uuids;
import io.jangada.internal.v1.RecordProto;
import io.jangada.internal.v1.RecordsProto;
import java.util.List;

/** Records. */
final class RecordCodec {
  private RecordCodec() {}

  static RecordsProto toProto(List<MetadataRecord> records) {
    RecordsProto.Builder builder = RecordsProto.newBuilder();
    records.forEach(record -> builder.addRecords(toProto(record)));
    return builder.build();
  }

  static List<MetadataRecord> fromProto(RecordsProto records) {
    return records.getRecordsList().stream().map(RecordCodec::fromProto).toList();
  }

  static RecordProto toProto(MetadataRecord record) {
    RecordProto.Builder builder = RecordProto.newBuilder();
    switch (record) {
      case MetadataRecord.ClusterFormatted formatted ->
          builder.setClusterFormatted(
              RecordProto.ClusterFormatted.newBuilder()
                  .setClusterId(Uuids.toBytes(formatted.clusterId()))
                  .setHistoryId(Uuids.toBytes(formatted.historyId())));
      case MetadataRecord.ControllerClaimed claimed ->
          builder.setControllerClaimed(
              RecordProto.ControllerClaimed.newBuilder()
                  .setNodeId(claimed.nodeId())
                  .setControllerEpoch(claimed.controllerEpoch()));
      case MetadataRecord.FeatureLevelSet set -> builder.setFeatureLevelSet(set.level());
      case MetadataRecord.QuorumMemberRegistered member ->
          builder.setQuorumMemberRegistered(
              RecordProto.QuorumMember.newBuilder()
                  .setNodeId(member.nodeId())
                  .setDirectoryId(Uuids.toBytes(member.directoryId())));
      case MetadataRecord.BrokerRegistered registered ->
          builder.setBrokerRegistered(ValueCodec.toProto(registered.registration()));
      case MetadataRecord.BrokerStatusChanged changed ->
          builder.setBrokerStatusChanged(
              RecordProto.BrokerStatusChanged.newBuilder()
                  .setBrokerId(changed.brokerId())
                  .setStatus(ValueCodec.toProto(changed.status()))
                  .setReason(changed.reason()));
      case MetadataRecord.BrokerRemoved removed -> builder.setBrokerRemoved(removed.brokerId());
      case MetadataRecord.TopicCreated created ->
          builder.setTopicCreated(
              RecordProto.TopicCreated.newBuilder()
                  .setName(created.name())
                  .setTopicId(Uuids.toBytes(created.topicId()))
                  .addAllConfigs(ValueCodec.toProto(created.configs())));
      case MetadataRecord.TopicConfigured configured ->
          builder.setTopicConfigured(
              RecordProto.TopicConfigured.newBuilder()
                  .setTopicId(Uuids.toBytes(configured.topicId()))
                  .addAllConfigs(ValueCodec.toProto(configured.configs())));
      case MetadataRecord.SettingsConfigured configured ->
          builder.setSettingsConfigured(
              ValueCodec.toProto(configured.brokerId(), configured.settings()));
      case MetadataRecord.DirectoryUnfit unfit ->
          builder.setDirectoryUnfit(
              RecordProto.DirectoryUnfit.newBuilder()
                  .setBrokerId(unfit.brokerId())
                  .setDirectory(ValueCodec.toProto(unfit.directory())));
      case MetadataRecord.TopicDeleted deleted ->
          builder.setTopicDeleted(Uuids.toBytes(deleted.topicId()));
      case MetadataRecord.PartitionRegistered registered ->
          builder.setPartitionRegistered(
              RecordProto.PartitionRegistered.newBuilder()
                  .setPartition(ValueCodec.toProto(registered.partition()))
                  .setRegistration(ValueCodec.toProto(registered.registration())));
      case MetadataRecord.ProducerIdsAllocated allocated ->
          builder.setProducerIdsAllocated(allocated.nextProducerId());
    }
    return builder.build();
  }

  static MetadataRecord fromProto(RecordProto record) {
    return switch (record.getKindCase()) {
      case CLUSTER_FORMATTED ->
          new MetadataRecord.ClusterFormatted(
              Uuids.fromBytes(record.getClusterFormatted().getClusterId()),
              Uuids.fromBytes(record.getClusterFormatted().getHistoryId()));
      case CONTROLLER_CLAIMED ->
          new MetadataRecord.ControllerClaimed(
              record.getControllerClaimed().getNodeId(),
              record.getControllerClaimed().getControllerEpoch());
      case FEATURE_LEVEL_SET -> new MetadataRecord.FeatureLevelSet(record.getFeatureLevelSet());
      case QUORUM_MEMBER_REGISTERED ->
          new MetadataRecord.QuorumMemberRegistered(
              record.getQuorumMemberRegistered().getNodeId(),
              Uuids.fromBytes(record.getQuorumMemberRegistered().getDirectoryId()));
      case BROKER_REGISTERED ->
          new MetadataRecord.BrokerRegistered(ValueCodec.fromProto(record.getBrokerRegistered()));
      case BROKER_STATUS_CHANGED ->
          new MetadataRecord.BrokerStatusChanged(
              record.getBrokerStatusChanged().getBrokerId(),
              ValueCodec.fromProto(record.getBrokerStatusChanged().getStatus()),
              record.getBrokerStatusChanged().getReason());
      case BROKER_REMOVED -> new MetadataRecord.BrokerRemoved(record.getBrokerRemoved());
      case TOPIC_CREATED ->
          new MetadataRecord.TopicCreated(
              record.getTopicCreated().getName(),
              Uuids.fromBytes(record.getTopicCreated().getTopicId()),
              ValueCodec.fromProto(record.getTopicCreated().getConfigsList()));
      case TOPIC_CONFIGURED ->
          new MetadataRecord.TopicConfigured(
              Uuids.fromBytes(record.getTopicConfigured().getTopicId()),
              ValueCodec.fromProto(record.getTopicConfigured().getConfigsList()));
      case SETTINGS_CONFIGURED ->
          new MetadataRecord.SettingsConfigured(
              record.getSettingsConfigured().getBrokerId(),
              ValueCodec.fromProto(record.getSettingsConfigured().getSettingsList()));
      case DIRECTORY_UNFIT ->
          new MetadataRecord.DirectoryUnfit(
              record.getDirectoryUnfit().getBrokerId(),
              ValueCodec.fromProto(record.getDirectoryUnfit().getDirectory()));
      case TOPIC_DELETED ->
          new MetadataRecord.TopicDeleted(Uuids.fromBytes(record.getTopicDeleted()));
      case PARTITION_REGISTERED ->
          new MetadataRecord.PartitionRegistered(
              ValueCodec.fromProto(record.getPartitionRegistered().getPartition()),
              ValueCodec.fromProto(record.getPartitionRegistered().getRegistration()));
      case PRODUCER_IDS_ALLOCATED ->
          new MetadataRecord.ProducerIdsAllocated(record.getProducerIdsAllocated());
      case KIND_NOT_SET -> throw MetadataCodec.unknown("metadata record");
    };
  }
}
