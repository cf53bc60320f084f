// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.TopicPartition;
import java.util.Set;

/**
 * Hears which partitions a member of a group gains and loses. Called on the thread that polls,
 * subscribes or closes, within that call; it may use the consumer, except to poll, subscribe or
 * close. What it throws comes out of that call, after the change has been made.
 */
public interface RebalanceListener {
  /** Does nothing. */
  RebalanceListener NONE = new RebalanceListener() {};

  /**
   * These are read from now on, from where the group has committed, or where the consumer is
   * configured to start. Called before the first record of them is returned; it may seek.
   *
   * @param partitions those that are new
   */
  default void onAssigned(Set<TopicPartition> partitions) {}

  /**
   * These are about to be given to others. Nobody else reads them before this returns: what was
   * processed may still be committed. With automatic commits it has been.
   *
   * @param partitions those that go; still assigned
   */
  default void onRevoked(Set<TopicPartition> partitions) {}

  /**
   * These are gone, perhaps for some time, and others may read them already: nothing can be
   * committed for them any more. Happens when the member was not heard of, or did not poll, for too
   * long. Unless overridden the same as {@link #onRevoked}.
   *
   * @param partitions those that are gone; still assigned
   */
  default void onLost(Set<TopicPartition> partitions) {
    onRevoked(partitions);
  }
}
