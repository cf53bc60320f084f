// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.Uuids;
import io.jangada.internal.v1.ControllerAnswerProto;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The controller's answers. */
final class AnswerCodec {
  private AnswerCodec() {}

  static ControllerAnswerProto toProto(ControllerAnswer answer) {
    ControllerAnswerProto.Builder builder =
        ControllerAnswerProto.newBuilder().setIndex(answer.index());
    switch (answer) {
      case ControllerAnswer.Failed failed ->
          builder.setFailed(ValueCodec.toProto(failed.refusal()));
      case ControllerAnswer.Done ignored ->
          builder.setDone(ControllerAnswerProto.Done.getDefaultInstance());
      case ControllerAnswer.Claimed claimed -> builder.setClaimed(claimed.controllerEpoch());
      case ControllerAnswer.Registered registered ->
          builder.setRegistered(registered.brokerEpoch());
      case ControllerAnswer.ShutdownProgress progress ->
          builder.setShutdownProgress(progress.remaining());
      case ControllerAnswer.TopicsCreated created -> {
        ControllerAnswerProto.TopicsCreated.Builder results = builder.getTopicsCreatedBuilder();
        created.results().forEach(result -> results.addResults(toProto(result)));
      }
      case ControllerAnswer.TopicsDeleted deleted -> {
        ControllerAnswerProto.TopicsDeleted.Builder results = builder.getTopicsDeletedBuilder();
        deleted.results().forEach(result -> results.addResults(toProto(result)));
      }
      case ControllerAnswer.TopicConfigsAltered altered -> {
        ControllerAnswerProto.TopicConfigsAltered.Builder results =
            builder.getTopicConfigsAlteredBuilder();
        altered.results().forEach(result -> results.addResults(toProto(result)));
      }
      case ControllerAnswer.SettingsAltered altered -> {
        ControllerAnswerProto.SettingsAltered.Builder results = builder.getSettingsAlteredBuilder();
        altered.results().forEach(result -> results.addResults(toProto(result)));
      }
      case ControllerAnswer.PartitionsAdded added -> {
        ControllerAnswerProto.PartitionsAdded.Builder results = builder.getPartitionsAddedBuilder();
        added.results().forEach(result -> results.addResults(toProto(result)));
      }
      case ControllerAnswer.PreferredElected elected -> {
        ControllerAnswerProto.PreferredElected.Builder results =
            builder.getPreferredElectedBuilder();
        elected.results().forEach(result -> results.addResults(toProto(result)));
      }
      case ControllerAnswer.IsrAltered altered -> {
        ControllerAnswerProto.IsrAltered.Builder results = builder.getIsrAlteredBuilder();
        altered.results().forEach(result -> results.addResults(toProto(result)));
      }
      case ControllerAnswer.LeaderElected elected -> builder.setLeaderElected(elected.leader());
      case ControllerAnswer.ProducerIds ids ->
          builder.setProducerIds(
              ControllerAnswerProto.ProducerIds.newBuilder()
                  .setFirst(ids.first())
                  .setCount(ids.count()));
    }
    return builder.build();
  }

  private static ControllerAnswerProto.CreateTopicResult toProto(
      ControllerAnswer.CreateTopicResult result) {
    ControllerAnswerProto.CreateTopicResult.Builder builder =
        ControllerAnswerProto.CreateTopicResult.newBuilder()
            .setName(result.name())
            .setPartitions(result.partitions())
            .setReplicationFactor(result.replicationFactor());
    UUID topicId = result.topicId();
    if (topicId != null) {
      builder.setTopicId(Uuids.toBytes(topicId));
    }
    Refusal refusal = result.refusal();
    if (refusal != null) {
      builder.setRefusal(ValueCodec.toProto(refusal));
    }
    return builder.build();
  }

  private static ControllerAnswerProto.DeleteTopicResult toProto(
      ControllerAnswer.DeleteTopicResult result) {
    ControllerAnswerProto.DeleteTopicResult.Builder builder =
        ControllerAnswerProto.DeleteTopicResult.newBuilder()
            .setTopicId(Uuids.toBytes(result.topicId()));
    Refusal refusal = result.refusal();
    if (refusal != null) {
      builder.setRefusal(ValueCodec.toProto(refusal));
    }
    return builder.build();
  }

  private static ControllerAnswerProto.AlterTopicConfigsResult toProto(
      ControllerAnswer.AlterTopicConfigsResult result) {
    ControllerAnswerProto.AlterTopicConfigsResult.Builder builder =
        ControllerAnswerProto.AlterTopicConfigsResult.newBuilder()
            .setTopicId(Uuids.toBytes(result.topicId()));
    Refusal refusal = result.refusal();
    if (refusal != null) {
      builder.setRefusal(ValueCodec.toProto(refusal));
    }
    return builder.build();
  }

  private static ControllerAnswerProto.AlterSettingsResult toProto(
      ControllerAnswer.AlterSettingsResult result) {
    ControllerAnswerProto.AlterSettingsResult.Builder builder =
        ControllerAnswerProto.AlterSettingsResult.newBuilder().setBrokerId(result.brokerId());
    Refusal refusal = result.refusal();
    if (refusal != null) {
      builder.setRefusal(ValueCodec.toProto(refusal));
    }
    return builder.build();
  }

  private static ControllerAnswerProto.IsrChangeResult toProto(
      ControllerAnswer.IsrChangeResult result) {
    ControllerAnswerProto.IsrChangeResult.Builder builder =
        ControllerAnswerProto.IsrChangeResult.newBuilder()
            .setPartition(ValueCodec.toProto(result.partition()));
    Refusal refusal = result.refusal();
    if (refusal != null) {
      builder.setRefusal(ValueCodec.toProto(refusal));
    }
    return builder.build();
  }

  private static ControllerAnswerProto.AddPartitionsResult toProto(
      ControllerAnswer.AddPartitionsResult result) {
    ControllerAnswerProto.AddPartitionsResult.Builder builder =
        ControllerAnswerProto.AddPartitionsResult.newBuilder()
            .setTopicId(Uuids.toBytes(result.topicId()))
            .setPartitionsBefore(result.before())
            .setPartitions(result.partitions());
    Refusal refusal = result.refusal();
    if (refusal != null) {
      builder.setRefusal(ValueCodec.toProto(refusal));
    }
    return builder.build();
  }

  private static ControllerAnswerProto.PreferredElectionResult toProto(
      ControllerAnswer.PreferredElectionResult result) {
    ControllerAnswerProto.PreferredElectionResult.Builder builder =
        ControllerAnswerProto.PreferredElectionResult.newBuilder()
            .setPartition(ValueCodec.toProto(result.partition()))
            .setLeaderBefore(result.leaderBefore())
            .setLeader(result.leader());
    Refusal refusal = result.refusal();
    if (refusal != null) {
      builder.setRefusal(ValueCodec.toProto(refusal));
    }
    return builder.build();
  }

  static ControllerAnswer fromProto(ControllerAnswerProto answer) {
    long index = answer.getIndex();
    return switch (answer.getKindCase()) {
      case FAILED -> new ControllerAnswer.Failed(index, ValueCodec.fromProto(answer.getFailed()));
      case DONE -> new ControllerAnswer.Done(index);
      case CLAIMED -> new ControllerAnswer.Claimed(index, answer.getClaimed());
      case REGISTERED -> new ControllerAnswer.Registered(index, answer.getRegistered());
      case SHUTDOWN_PROGRESS ->
          new ControllerAnswer.ShutdownProgress(index, answer.getShutdownProgress());
      case TOPICS_CREATED ->
          new ControllerAnswer.TopicsCreated(
              index,
              answer.getTopicsCreated().getResultsList().stream()
                  .map(AnswerCodec::fromProto)
                  .toList());
      case TOPICS_DELETED ->
          new ControllerAnswer.TopicsDeleted(
              index,
              answer.getTopicsDeleted().getResultsList().stream()
                  .map(AnswerCodec::fromProto)
                  .toList());
      case TOPIC_CONFIGS_ALTERED ->
          new ControllerAnswer.TopicConfigsAltered(
              index,
              answer.getTopicConfigsAltered().getResultsList().stream()
                  .map(AnswerCodec::fromProto)
                  .toList());
      case SETTINGS_ALTERED ->
          new ControllerAnswer.SettingsAltered(
              index,
              answer.getSettingsAltered().getResultsList().stream()
                  .map(AnswerCodec::fromProto)
                  .toList());
      case PARTITIONS_ADDED ->
          new ControllerAnswer.PartitionsAdded(
              index,
              answer.getPartitionsAdded().getResultsList().stream()
                  .map(AnswerCodec::fromProto)
                  .toList());
      case PREFERRED_ELECTED ->
          new ControllerAnswer.PreferredElected(
              index,
              answer.getPreferredElected().getResultsList().stream()
                  .map(AnswerCodec::fromProto)
                  .toList());
      case ISR_ALTERED ->
          new ControllerAnswer.IsrAltered(
              index,
              answer.getIsrAltered().getResultsList().stream()
                  .map(AnswerCodec::fromProto)
                  .toList());
      case LEADER_ELECTED -> new ControllerAnswer.LeaderElected(index, answer.getLeaderElected());
      case PRODUCER_IDS ->
          new ControllerAnswer.ProducerIds(
              index, answer.getProducerIds().getFirst(), answer.getProducerIds().getCount());
      case KIND_NOT_SET -> throw MetadataCodec.unknown("controller answer");
    };
  }

  private static ControllerAnswer.CreateTopicResult fromProto(
      ControllerAnswerProto.CreateTopicResult result) {
    @Nullable UUID topicId =
        result.getTopicId().isEmpty() ? null : Uuids.fromBytes(result.getTopicId());
    return new ControllerAnswer.CreateTopicResult(
        result.getName(),
        topicId,
        result.getPartitions(),
        result.getReplicationFactor(),
        result.hasRefusal() ? ValueCodec.fromProto(result.getRefusal()) : null);
  }

  private static ControllerAnswer.DeleteTopicResult fromProto(
      ControllerAnswerProto.DeleteTopicResult result) {
    return new ControllerAnswer.DeleteTopicResult(
        Uuids.fromBytes(result.getTopicId()),
        result.hasRefusal() ? ValueCodec.fromProto(result.getRefusal()) : null);
  }

  private static ControllerAnswer.AlterTopicConfigsResult fromProto(
      ControllerAnswerProto.AlterTopicConfigsResult result) {
    return new ControllerAnswer.AlterTopicConfigsResult(
        Uuids.fromBytes(result.getTopicId()),
        result.hasRefusal() ? ValueCodec.fromProto(result.getRefusal()) : null);
  }

  private static ControllerAnswer.AlterSettingsResult fromProto(
      ControllerAnswerProto.AlterSettingsResult result) {
    return new ControllerAnswer.AlterSettingsResult(
        result.getBrokerId(),
        result.hasRefusal() ? ValueCodec.fromProto(result.getRefusal()) : null);
  }

  private static ControllerAnswer.AddPartitionsResult fromProto(
      ControllerAnswerProto.AddPartitionsResult result) {
    return new ControllerAnswer.AddPartitionsResult(
        Uuids.fromBytes(result.getTopicId()),
        result.getPartitionsBefore(),
        result.getPartitions(),
        result.hasRefusal() ? ValueCodec.fromProto(result.getRefusal()) : null);
  }

  private static ControllerAnswer.PreferredElectionResult fromProto(
      ControllerAnswerProto.PreferredElectionResult result) {
    return new ControllerAnswer.PreferredElectionResult(
        ValueCodec.fromProto(result.getPartition()),
        result.getLeaderBefore(),
        result.getLeader(),
        result.hasRefusal() ? ValueCodec.fromProto(result.getRefusal()) : null);
  }

  private static ControllerAnswer.IsrChangeResult fromProto(
      ControllerAnswerProto.IsrChangeResult result) {
    return new ControllerAnswer.IsrChangeResult(
        ValueCodec.fromProto(result.getPartition()),
        result.hasRefusal() ? ValueCodec.fromProto(result.getRefusal()) : null);
  }
}
