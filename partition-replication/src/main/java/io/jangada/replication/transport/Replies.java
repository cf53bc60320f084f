// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.internal.v1.Channel;
import io.jangada.internal.v1.SubscribeReply;
import io.jangada.replication.core.SubscribeAnswer;
import java.util.Optional;

/** A leader's answers, to the wire and back. */
final class Replies {
  private Replies() {}

  static SubscribeReply of(int index, SubscribeAnswer answer) {
    SubscribeReply.Builder reply = SubscribeReply.newBuilder().setIndex(index);
    switch (answer) {
      case SubscribeAnswer.Ok ignored -> reply.setOk(SubscribeReply.Ok.getDefaultInstance());
      case SubscribeAnswer.Diverged diverged ->
          reply.setDiverged(
              SubscribeReply.Diverged.newBuilder()
                  .setEpoch(diverged.epoch())
                  .setEndOffset(diverged.endOffset()));
      case SubscribeAnswer.Fenced fenced ->
          reply.setFenced(SubscribeReply.Fenced.newBuilder().setLeaderEpoch(fenced.leaderEpoch()));
      case SubscribeAnswer.NotYetLeader ignored ->
          reply.setNotYetLeader(SubscribeReply.NotYetLeader.getDefaultInstance());
      case SubscribeAnswer.BelowLogStart below ->
          reply.setBelowLogStart(
              SubscribeReply.BelowLogStart.newBuilder().setLogStartOffset(below.logStartOffset()));
      case SubscribeAnswer.UnknownTopicId ignored ->
          reply.setUnknownTopicId(SubscribeReply.UnknownTopicId.getDefaultInstance());
    }
    return reply.build();
  }

  static SubscribeReply ended(int index) {
    return SubscribeReply.newBuilder()
        .setIndex(index)
        .setEnded(SubscribeReply.Ended.getDefaultInstance())
        .build();
  }

  static SubscribeReply moved(int index, Channel channel) {
    return SubscribeReply.newBuilder()
        .setIndex(index)
        .setMoved(SubscribeReply.Moved.newBuilder().setChannel(channel))
        .build();
  }

  /** The answer, or empty if the subscription is over or the answer is one we do not know. */
  static Optional<SubscribeAnswer> parse(SubscribeReply reply) {
    return switch (reply.getAnswerCase()) {
      case OK -> Optional.of(new SubscribeAnswer.Ok());
      case DIVERGED ->
          Optional.of(
              new SubscribeAnswer.Diverged(
                  reply.getDiverged().getEpoch(), reply.getDiverged().getEndOffset()));
      case FENCED -> Optional.of(new SubscribeAnswer.Fenced(reply.getFenced().getLeaderEpoch()));
      case NOT_YET_LEADER -> Optional.of(new SubscribeAnswer.NotYetLeader());
      case BELOW_LOG_START ->
          Optional.of(
              new SubscribeAnswer.BelowLogStart(reply.getBelowLogStart().getLogStartOffset()));
      case UNKNOWN_TOPIC_ID -> Optional.of(new SubscribeAnswer.UnknownTopicId());
      case ENDED, MOVED, ANSWER_NOT_SET -> Optional.empty();
    };
  }
}
