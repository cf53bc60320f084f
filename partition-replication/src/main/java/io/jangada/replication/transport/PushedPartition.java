// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.common.JangadaException;
import io.jangada.replication.core.FollowerSession;
import io.jangada.replication.log.LogSlice;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** A replica as the leader's ends of the streams see it. Thread-safe; no call blocks. */
public interface PushedPartition {
  /** A follower subscribes; the target is answered, once. */
  void subscribed(
      FollowerSession follower,
      UUID topicId,
      int leaderEpoch,
      long fromOffset,
      int lastEpoch,
      PushTarget target);

  /** A follower has fsynced up to the offset. */
  void acked(FollowerSession follower, long durableLeo);

  /** A follower's stream broke, or it unsubscribed. */
  void gone(FollowerSession follower);

  /** Up to where there is something to push. */
  long logEndOffset();

  /** As of now. */
  long highWatermark();

  /** As of now. */
  long logStartOffset();

  /** Batches from memory; empty if they are not there any more. */
  Optional<LogSlice> readCached(long offset, int maxBytes);

  /**
   * Has batches read from disk.
   *
   * @param done called once, by a reading thread
   * @throws JangadaException {@code OVERLOADED} if too many reads wait
   */
  void readCold(long offset, int maxBytes, Consumer<ColdRead> done);

  /** How a cold read ends. */
  sealed interface ColdRead {
    /** What was read; may be empty. */
    record Done(LogSlice slice) implements ColdRead {}

    /** The disk failed. */
    record Failed(IOException cause) implements ColdRead {}
  }
}
