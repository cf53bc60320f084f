// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.TopicPartition;

/**
 * A partition that is led by its preferred replica, or would be.
 *
 * @param partition which
 * @param leaderBefore the broker that led, or -1
 * @param leader the broker that leads
 */
public record PreferredElection(TopicPartition partition, int leaderBefore, int leader) {
  /** Whether another broker led before. */
  public boolean moved() {
    return leaderBefore != leader;
  }
}
