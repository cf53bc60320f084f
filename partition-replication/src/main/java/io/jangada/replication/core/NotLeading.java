// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import java.util.List;

/** How a replica that does not lead answers what only a leader can do. */
final class NotLeading {
  private NotLeading() {}

  static void refuse(
      PartitionEvent.ForLeader event, int leaderEpoch, ErrorCode code, List<PartitionEffect> out) {
    switch (event) {
      case PartitionEvent.Append append ->
          out.add(
              new PartitionEffect.CompleteAppend(
                  append.requestId(),
                  new AppendResult.Failed(
                      code, true, "expected the partition's leader, but this replica is not")));
      case PartitionEvent.FollowerSubscribed subscribed ->
          out.add(
              new PartitionEffect.AnswerSubscribe(
                  subscribed.follower(),
                  subscribed.leaderEpoch() < leaderEpoch
                      ? new SubscribeAnswer.Fenced(leaderEpoch)
                      : new SubscribeAnswer.NotYetLeader()));
      case PartitionEvent.FollowerAcked ignored -> {}
      case PartitionEvent.FollowerGone ignored -> {}
      case PartitionEvent.IsrChangeAnswered ignored -> {}
    }
  }
}
