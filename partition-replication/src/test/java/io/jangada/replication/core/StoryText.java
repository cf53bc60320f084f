// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.record.RecordBatch;
import java.util.List;
import java.util.stream.Collectors;

/** Effects and answers as the stories spell them. */
final class StoryText {
  private StoryText() {}

  static String of(PartitionEffect effect) {
    return switch (effect) {
      case PartitionEffect.RoleChanged e ->
          "role " + e.role() + " leader=" + e.leaderId() + " epoch=" + e.leaderEpoch();
      case PartitionEffect.AppendToLog e -> "write " + batch(e.batch());
      case PartitionEffect.Truncate e -> "truncate to=" + e.toOffset() + " gen=" + e.generation();
      case PartitionEffect.ResetLog e ->
          "reset start=" + e.logStartOffset() + " gen=" + e.generation();
      case PartitionEffect.AdvanceLogStart e -> "log-start " + e.logStartOffset();
      case PartitionEffect.HighWatermarkAdvanced e -> "high-watermark " + e.highWatermark();
      case PartitionEffect.CompleteAppend e ->
          "complete id=" + e.requestId() + " " + of(e.result());
      case PartitionEffect.ProposeIsrChange e ->
          "propose-isr id="
              + e.changeId()
              + " epoch="
              + e.leaderEpoch()
              + " pepoch="
              + e.partitionEpoch()
              + " isr="
              + e.isr().stream()
                  .map(m -> m.brokerId() + ":" + m.brokerEpoch())
                  .collect(Collectors.joining(","));
      case PartitionEffect.Resign e -> "resign epoch=" + e.leaderEpoch();
      case PartitionEffect.AnswerSubscribe e -> "answer " + of(e.follower()) + " " + of(e.answer());
      case PartitionEffect.StartPush e ->
          "push " + of(e.follower()) + " epoch=" + e.leaderEpoch() + " from=" + e.fromOffset();
      case PartitionEffect.StopPush e -> "stop-push " + of(e.follower());
      case PartitionEffect.Subscribe e ->
          "subscribe s="
              + e.session()
              + " at="
              + e.leaderId()
              + " epoch="
              + e.leaderEpoch()
              + " from="
              + e.fromOffset()
              + " last="
              + e.lastEpoch();
      case PartitionEffect.Unsubscribe e -> "unsubscribe s=" + e.session();
      case PartitionEffect.AckDurable e -> "ack s=" + e.session() + " to=" + e.durableLeo();
    };
  }

  static String state(PartitionReplica replica) {
    String log =
        "leo="
            + replica.logEndOffset()
            + " durable="
            + replica.durableLogEndOffset()
            + " hw="
            + replica.highWatermark()
            + " epochs="
            + replica.epochs();
    return replica.role() == ReplicaRole.Kind.LEADER
        ? log + " isr=" + ids(replica.isr()) + " maximal=" + ids(replica.maximalIsr())
        : log;
  }

  private static String ids(List<Integer> brokers) {
    return brokers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String batch(RecordBatch batch) {
    return "["
        + batch.baseOffset()
        + ","
        + batch.nextOffset()
        + ")@"
        + batch.partitionLeaderEpoch();
  }

  private static String of(FollowerSession session) {
    return session.brokerId() + "/" + session.brokerEpoch() + "/" + session.session();
  }

  private static String of(AppendResult result) {
    return switch (result) {
      case AppendResult.Appended appended -> "at=" + appended.baseOffset();
      case AppendResult.UnexpectedOffset unexpected ->
          "UNEXPECTED_OFFSET end=" + unexpected.logEndOffset();
      case AppendResult.InvalidRecords invalid -> invalid.code() + " " + invalid.records();
      case AppendResult.Failed failed ->
          failed.code() + (failed.definite() ? " definite" : " indefinite");
    };
  }

  private static String of(SubscribeAnswer answer) {
    return switch (answer) {
      case SubscribeAnswer.Ok ignored -> "ok";
      case SubscribeAnswer.Diverged d -> "diverged epoch=" + d.epoch() + " end=" + d.endOffset();
      case SubscribeAnswer.Fenced f -> "fenced epoch=" + f.leaderEpoch();
      case SubscribeAnswer.NotYetLeader ignored -> "not-yet-leader";
      case SubscribeAnswer.BelowLogStart b -> "below-log-start start=" + b.logStartOffset();
      case SubscribeAnswer.UnknownTopicId ignored -> "unknown-topic-id";
    };
  }
}
