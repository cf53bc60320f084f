// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.SubscribeAnswer;
import java.util.List;

/** A replica as the follower's ends of the streams see it. Calls must only enqueue. */
public interface FollowingPartition {
  /** Which partition. */
  TopicIdPartition partition();

  /** The leader answered the subscription of that session. */
  void answered(long session, SubscribeAnswer answer);

  /**
   * The leader pushed.
   *
   * @param batches whole batches whose checksums are not checked yet; their memory may be kept
   * @param highWatermark the leader's
   * @param logStartOffset the leader's
   * @param credit to be released once the batches are durable or dropped
   */
  void replicated(
      long session,
      List<RecordBatch> batches,
      long highWatermark,
      long logStartOffset,
      Credit credit);

  /**
   * The leader has sent all it wants to send on this channel; everything it sent came before this.
   * Subscribe again at once, which is done on the other channel.
   */
  void moved(long session);

  /** The stream of that session broke, could not be opened, or the leader ended it. */
  void lost(long session);
}
