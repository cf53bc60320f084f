// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.time.Duration;

/**
 * How groups are coordinated. Immutable.
 *
 * @param threads that coordinate; each partition of the offsets is worked on by one at a time
 * @param classic groups whose members assign partitions themselves
 * @param consumer groups whose partitions the coordinator assigns (KIP-848)
 * @param maxSize members of one group, at most
 * @param offsetsRetention how long the offsets of a group without members are kept
 * @param offsetsRetentionCheckInterval how often is looked for those
 */
public record GroupSettings(
    int threads,
    Classic classic,
    Consumer consumer,
    int maxSize,
    Duration offsetsRetention,
    Duration offsetsRetentionCheckInterval) {

  /**
   * Of classic groups.
   *
   * @param initialRebalanceDelay how long an empty group waits for further members
   * @param minSessionTimeout the shortest that a member may ask for
   * @param maxSessionTimeout the longest
   */
  public record Classic(
      Duration initialRebalanceDelay, Duration minSessionTimeout, Duration maxSessionTimeout) {}

  /**
   * Of groups of KIP-848.
   *
   * @param sessionTimeout silence after which a member has left
   * @param heartbeatInterval how often members are told to send a heartbeat
   */
  public record Consumer(Duration sessionTimeout, Duration heartbeatInterval) {}
}
