// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.replication.core.SubscribeAnswer;

/** One follower's subscription, as the partition's owner sees it. Calls only enqueue. */
public interface PushTarget {
  /** Answers the follower. After anything but Ok the subscription is over. */
  void answer(SubscribeAnswer answer);

  /** Pushes from the offset on, until stopped. */
  void start(int leaderEpoch, long fromOffset);

  /** Pushes nothing more, not even what is being read now. */
  void stop();

  /** There are more batches, or the high watermark or the log start has moved. */
  void advanced();
}
