// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.time.Duration;

/**
 * How a consumer is a member of a group. Immutable; start from {@link #of}.
 *
 * @param groupId which group; its first member creates it
 * @param autoCommitInterval how often {@code poll} commits what earlier polls returned; zero:
 *     never, the application commits
 * @param maxPollInterval how long the application may go without calling {@code poll}: then the
 *     member leaves, so that others read on. So long the group waits for it to give partitions up.
 * @param assignor how the group shares its partitions out: {@code uniform}, {@code range}, or empty
 *     for what the others or the cluster want (KIP-848)
 * @param instanceId outlives the process: who subscribes again under it within the group's session
 *     timeout gets the same partitions (KIP-345); empty: none
 * @param clientId what people see of the member in {@code jangada group describe}
 */
public record GroupConfig(
    String groupId,
    Duration autoCommitInterval,
    Duration maxPollInterval,
    String assignor,
    String instanceId,
    String clientId) {
  private static final Duration AUTO_COMMIT = Duration.ofSeconds(5);
  private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

  /** Checks. */
  public GroupConfig {
    if (groupId.isEmpty()) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected the id of a group, but it is empty");
    }
    Checks.notNegative("autoCommitInterval", autoCommitInterval);
    Checks.positive("maxPollInterval", maxPollInterval);
  }

  /** Commits every five seconds what earlier polls returned; gives {@code poll} five minutes. */
  public static GroupConfig of(String groupId) {
    return new GroupConfig(groupId, AUTO_COMMIT, MAX_POLL_INTERVAL, "", "", "");
  }

  /** A copy that commits at other intervals; zero: only when the application does. */
  public GroupConfig withAutoCommitInterval(Duration interval) {
    return new GroupConfig(groupId, interval, maxPollInterval, assignor, instanceId, clientId);
  }

  /** A copy that commits only what the application does. */
  public GroupConfig withoutAutoCommit() {
    return withAutoCommitInterval(Duration.ZERO);
  }

  /** A copy that gives the application another time between polls. */
  public GroupConfig withMaxPollInterval(Duration interval) {
    return new GroupConfig(groupId, autoCommitInterval, interval, assignor, instanceId, clientId);
  }

  /** A copy that wants another assignor; empty: any. */
  public GroupConfig withAssignor(String name) {
    return new GroupConfig(
        groupId, autoCommitInterval, maxPollInterval, name, instanceId, clientId);
  }

  /** A copy for a member that keeps its partitions over a restart; empty: none. */
  public GroupConfig withInstanceId(String id) {
    return new GroupConfig(groupId, autoCommitInterval, maxPollInterval, assignor, id, clientId);
  }

  /** A copy that people see under another name. */
  public GroupConfig withClientId(String id) {
    return new GroupConfig(groupId, autoCommitInterval, maxPollInterval, assignor, instanceId, id);
  }
}
