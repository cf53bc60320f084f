// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import io.jangada.record.RecordBatch;
import java.util.List;
import java.util.UUID;

/**
 * What happens to the replica of a partition. Events of one partition are stepped by its owner, one
 * after the other.
 */
public sealed interface PartitionEvent {

  /** Events that concern the replica whatever its role. */
  sealed interface ForReplica extends PartitionEvent {}

  /** Events that only a leader acts on; another role answers that it does not lead, or drops it. */
  sealed interface ForLeader extends PartitionEvent {}

  /** Events that only a follower acts on; another role drops them as stale. */
  sealed interface ForFollower extends PartitionEvent {}

  /**
   * The partition's metadata changed.
   *
   * @param brokerEpoch the epoch under which this process is registered; metadata that does not
   *     know that registration yet is about an earlier incarnation and is not acted on (rule 24)
   */
  record MetadataChanged(PartitionAssignment assignment, long brokerEpoch) implements ForReplica {}

  /**
   * The local metadata has reached that index. Needs to be sent only while {@link
   * PartitionReplica#awaitsMetadata()}.
   */
  record MetadataAdvanced(long metadataIndex) implements ForReplica {}

  /**
   * Everything that was handed to the log up to the offset is fsynced (or, for a memory-durable
   * topic, appended).
   *
   * @param generation the generation of the last {@link PartitionEffect.Truncate} or {@link
   *     PartitionEffect.ResetLog} that was carried out before the synced bytes were written; 0 if
   *     none. What was synced before a truncation says nothing about the bytes written after it.
   */
  record LocalDurable(long endOffset, int generation) implements ForReplica {}

  /** Records below the offset were deleted here (retention, delete-records). */
  record LogStartMoved(long logStartOffset) implements ForReplica {}

  /**
   * Another time from now on after which an ISR member that lags has to leave.
   *
   * @param lagTimeMaxMs as in {@link ReplicaConfig}
   */
  record LagTimeSet(long lagTimeMaxMs) implements ForReplica {}

  /** Time has passed; every 100 ms or so. */
  record Tick() implements ForReplica {}

  /**
   * The replica ends here: its topic was deleted, its log failed, or the process stops. Everything
   * that waits is answered with the code, as indefinite.
   */
  record Stop(ErrorCode code, String reason) implements ForReplica {}

  /**
   * A producer's batch. The checksum was checked before.
   *
   * @param requestId echoed in {@link PartitionEffect.CompleteAppend}
   * @param batch its base offset and leader epoch are assigned in place
   * @param expectedLeaderEpoch -1 = any (KIP-320)
   * @param expectedOffset where the log must end for the batch to be appended (compare and set), or
   *     {@link #ANY_OFFSET}. Sent again after an unknown outcome, with the same offset, it is
   *     appended at most once: had the first one been, the log would not end there any more, in
   *     this leader or in any later one that has it; and one that lost it by a truncation never
   *     answered it. A batch that an idempotent producer sends again is recognised before.
   * @param deadlineMs until when the answer may wait for acknowledgements, on the clock of {@code
   *     nowMs}
   */
  record Append(
      long requestId,
      RecordBatch batch,
      Acks acks,
      int expectedLeaderEpoch,
      long expectedOffset,
      long deadlineMs)
      implements ForLeader {
    /** Append wherever the log ends. */
    public static final long ANY_OFFSET = -1;

    /** An append wherever the log ends. */
    public Append(
        long requestId, RecordBatch batch, Acks acks, int expectedLeaderEpoch, long deadlineMs) {
      this(requestId, batch, acks, expectedLeaderEpoch, ANY_OFFSET, deadlineMs);
    }

    /** Whether a batch at that offset is what is asked for. */
    boolean wantsOffset(long offset) {
      return expectedOffset == ANY_OFFSET || expectedOffset == offset;
    }
  }

  /**
   * A follower wants the log from the offset on.
   *
   * @param topicId what the follower believes the partition's topic to be (KIP-516)
   * @param leaderEpoch the epoch in which it believes this broker to lead
   * @param fromOffset its log end offset
   * @param lastEpoch the leader epoch of the last batch in its log, -1 if the log is empty
   */
  record FollowerSubscribed(
      FollowerSession follower, UUID topicId, int leaderEpoch, long fromOffset, int lastEpoch)
      implements ForLeader {}

  /** A follower has fsynced up to the offset. */
  record FollowerAcked(FollowerSession follower, long durableLeo) implements ForLeader {}

  /** A follower's stream broke, or it unsubscribed. */
  record FollowerGone(FollowerSession follower) implements ForLeader {}

  /**
   * The quorum answered, or did not.
   *
   * @param changeId from {@link PartitionEffect.ProposeIsrChange}
   */
  record IsrChangeAnswered(long changeId, IsrChangeOutcome outcome) implements ForLeader {}

  /** The leader answered the subscription of that session. */
  record SubscribeAnswered(long session, SubscribeAnswer answer) implements ForFollower {}

  /**
   * The leader pushed.
   *
   * @param batches whole batches in offset order, checksums checked; may be empty
   * @param highWatermark the leader's
   * @param logStartOffset the leader's
   */
  record Replicated(
      long session, List<RecordBatch> batches, long highWatermark, long logStartOffset)
      implements ForFollower {}

  /**
   * The leader goes on pushing on another channel, from where the log ends now (the fence of the
   * hand-over). Subscribing again says that everything before it has arrived.
   */
  record StreamMoved(long session) implements ForFollower {}

  /** The stream of that session broke, could not be opened, or the leader ended it. */
  record StreamLost(long session) implements ForFollower {}
}
