// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.record.RecordBatch;
import java.util.List;

/**
 * What the owner of the partition has to do, in the order of the list. Nothing here blocks the
 * core: results come back as events.
 */
public sealed interface PartitionEffect {

  /**
   * The replica plays another role or plays it in another epoch. Comes first in its list.
   *
   * @param leaderId as the metadata says, -1 = none
   */
  record RoleChanged(ReplicaRole.Kind role, int leaderId, int leaderEpoch, String reason)
      implements PartitionEffect {}

  /**
   * Write the batch at the end of the log and make it durable as the topic asks; then {@link
   * PartitionEvent.LocalDurable}. Offset and epoch stand in the batch. Batches come in offset order
   * without gaps.
   */
  record AppendToLog(RecordBatch batch) implements PartitionEffect {}

  /**
   * Remove everything from the offset on, which is the beginning of a batch or the end of the log,
   * before anything that follows is written. The truncation has to be durable before any later
   * write can be: old bytes between new ones would look whole after a crash. {@link
   * PartitionEvent.LocalDurable} has to come again afterwards, with this generation, once the
   * truncation and what precedes it are durable.
   */
  record Truncate(long toOffset, int generation) implements PartitionEffect {}

  /**
   * Remove the whole log and begin an empty one at the offset. Durability is reported as for {@link
   * Truncate}.
   */
  record ResetLog(long logStartOffset, int generation) implements PartitionEffect {}

  /** Records below the offset may be deleted. */
  record AdvanceLogStart(long logStartOffset) implements PartitionEffect {}

  /** Records below the offset are committed: wake readers, tell followers. */
  record HighWatermarkAdvanced(long highWatermark) implements PartitionEffect {}

  /** Answer the producer. */
  record CompleteAppend(long requestId, AppendResult result) implements PartitionEffect {}

  /**
   * Ask the quorum to replace the ISR. Submitted at most once: a retry is another effect with
   * another change id. Answered by {@link PartitionEvent.IsrChangeAnswered}, also when there is no
   * answer.
   *
   * @param changeId names this proposal within the leader epoch
   * @param partitionEpoch compare-and-set: the change is for this epoch of the partition only
   * @param isr the wanted members with the broker epochs that the leader knows (KIP-903); if it is
   *     the committed ISR, the change only raises the partition epoch, which settles an earlier
   *     proposal of unknown outcome
   */
  record ProposeIsrChange(long changeId, int leaderEpoch, int partitionEpoch, List<BrokerView> isr)
      implements PartitionEffect {
    /** Copies the list. */
    public ProposeIsrChange {
      isr = List.copyOf(isr);
    }
  }

  /**
   * Ask the quorum for another leader in this one's place: it cannot commit, and others perhaps can
   * (rule 25). Nothing comes back: another leader epoch, or nothing, and then it is asked for again
   * after a longer while.
   */
  record Resign(int leaderEpoch) implements PartitionEffect {}

  /** Answer a follower that subscribed. */
  record AnswerSubscribe(FollowerSession follower, SubscribeAnswer answer)
      implements PartitionEffect {}

  /**
   * Push the log from the offset on to the follower, with the high watermark and the log start, for
   * as long as the session lasts.
   */
  record StartPush(FollowerSession follower, int leaderEpoch, long fromOffset)
      implements PartitionEffect {}

  /** Push no more to that session. */
  record StopPush(FollowerSession follower) implements PartitionEffect {}

  /**
   * Subscribe at the leader. Replaces an earlier subscription of this partition.
   *
   * @param session names the attempt; comes back in every event about it
   */
  record Subscribe(long session, int leaderId, int leaderEpoch, long fromOffset, int lastEpoch)
      implements PartitionEffect {}

  /** End that subscription. */
  record Unsubscribe(long session) implements PartitionEffect {}

  /** Tell the leader how far the log is durable here. */
  record AckDurable(long session, long durableLeo) implements PartitionEffect {}
}
