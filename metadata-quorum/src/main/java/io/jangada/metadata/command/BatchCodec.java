// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.Uuids;
import io.jangada.internal.v1.BatchItemProto;
import io.jangada.internal.v1.BatchProto;
import io.jangada.internal.v1.PreconditionProto;
import io.jangada.internal.v1.RecordProto;

/** Conditional batches and their preconditions. */
final class BatchCodec {
  private BatchCodec() {}

  static BatchProto toProto(ConditionalBatch batch) {
    BatchProto.Builder builder =
        BatchProto.newBuilder().setControllerEpoch(batch.controllerEpoch());
    for (BatchItem item : batch.items()) {
      BatchItemProto.Builder itemBuilder = builder.addItemsBuilder();
      item.preconditions().forEach(condition -> itemBuilder.addPreconditions(toProto(condition)));
      item.records().forEach(record -> itemBuilder.addRecords(RecordCodec.toProto(record)));
    }
    return builder.build();
  }

  static ConditionalBatch fromProto(BatchProto batch) {
    return new ConditionalBatch(
        batch.getControllerEpoch(),
        batch.getItemsList().stream()
            .map(
                item ->
                    new BatchItem(
                        item.getPreconditionsList().stream().map(BatchCodec::fromProto).toList(),
                        item.getRecordsList().stream().map(RecordCodec::fromProto).toList()))
            .toList());
  }

  private static PreconditionProto toProto(Precondition condition) {
    PreconditionProto.Builder builder = PreconditionProto.newBuilder();
    switch (condition) {
      case Precondition.NameAbsent absent -> builder.setNameAbsent(absent.name());
      case Precondition.TopicIdIs is ->
          builder.setTopicIdIs(
              PreconditionProto.TopicIdIs.newBuilder()
                  .setName(is.name())
                  .setTopicId(Uuids.toBytes(is.topicId())));
      case Precondition.TopicConfigsAre are ->
          builder.setTopicConfigsAre(
              RecordProto.TopicConfigured.newBuilder()
                  .setTopicId(Uuids.toBytes(are.topicId()))
                  .addAllConfigs(ValueCodec.toProto(are.configs())));
      case Precondition.SettingsAre are ->
          builder.setSettingsAre(ValueCodec.toProto(are.brokerId(), are.settings()));
      case Precondition.LeaderEpochIs is ->
          builder.setLeaderEpochIs(
              PreconditionProto.PartitionEpoch.newBuilder()
                  .setPartition(ValueCodec.toProto(is.partition()))
                  .setEpoch(is.leaderEpoch()));
      case Precondition.PartitionEpochIs is ->
          builder.setPartitionEpochIs(
              PreconditionProto.PartitionEpoch.newBuilder()
                  .setPartition(ValueCodec.toProto(is.partition()))
                  .setEpoch(is.partitionEpoch()));
      case Precondition.BrokerEpochIs is ->
          builder.setBrokerEpochIs(ValueCodec.toProto(is.brokerId(), is.brokerEpoch()));
      case Precondition.IncarnationIs is ->
          builder.setIncarnationIs(
              PreconditionProto.IncarnationIs.newBuilder()
                  .setBrokerId(is.brokerId())
                  .setIncarnation(Uuids.toBytes(is.incarnation())));
      case Precondition.BrokerAbsent absent -> builder.setBrokerAbsent(absent.brokerId());
      case Precondition.RightsWithin within ->
          builder.setRightsWithin(
              PreconditionProto.RightsWithin.newBuilder()
                  .setBrokerId(within.brokerId())
                  .addAllPartitions(ValueCodec.byTopic(within.partitions())));
      case Precondition.NextProducerIdIs is -> builder.setNextProducerIdIs(is.nextProducerId());
    }
    return builder.build();
  }

  private static Precondition fromProto(PreconditionProto condition) {
    return switch (condition.getKindCase()) {
      case NAME_ABSENT -> new Precondition.NameAbsent(condition.getNameAbsent());
      case TOPIC_ID_IS ->
          new Precondition.TopicIdIs(
              condition.getTopicIdIs().getName(),
              Uuids.fromBytes(condition.getTopicIdIs().getTopicId()));
      case TOPIC_CONFIGS_ARE ->
          new Precondition.TopicConfigsAre(
              Uuids.fromBytes(condition.getTopicConfigsAre().getTopicId()),
              ValueCodec.fromProto(condition.getTopicConfigsAre().getConfigsList()));
      case SETTINGS_ARE ->
          new Precondition.SettingsAre(
              condition.getSettingsAre().getBrokerId(),
              ValueCodec.fromProto(condition.getSettingsAre().getSettingsList()));
      case LEADER_EPOCH_IS ->
          new Precondition.LeaderEpochIs(
              ValueCodec.fromProto(condition.getLeaderEpochIs().getPartition()),
              condition.getLeaderEpochIs().getEpoch());
      case PARTITION_EPOCH_IS ->
          new Precondition.PartitionEpochIs(
              ValueCodec.fromProto(condition.getPartitionEpochIs().getPartition()),
              condition.getPartitionEpochIs().getEpoch());
      case BROKER_EPOCH_IS ->
          new Precondition.BrokerEpochIs(
              condition.getBrokerEpochIs().getBrokerId(),
              condition.getBrokerEpochIs().getBrokerEpoch());
      case INCARNATION_IS ->
          new Precondition.IncarnationIs(
              condition.getIncarnationIs().getBrokerId(),
              Uuids.fromBytes(condition.getIncarnationIs().getIncarnation()));
      case BROKER_ABSENT -> new Precondition.BrokerAbsent(condition.getBrokerAbsent());
      case RIGHTS_WITHIN ->
          new Precondition.RightsWithin(
              condition.getRightsWithin().getBrokerId(),
              ValueCodec.ofTopics(condition.getRightsWithin().getPartitionsList()));
      case NEXT_PRODUCER_ID_IS ->
          new Precondition.NextProducerIdIs(condition.getNextProducerIdIs());
      case KIND_NOT_SET -> throw MetadataCodec.unknown("precondition");
    };
  }
}
