// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.api.v1.TopicRef;
import io.jangada.client.BrokerAddress;

/**
 * Where to send what concerns a partition.
 *
 * @param topic as requests name it
 * @param address the leader's, or of the broker that stands in for it
 * @param leaderEpoch the leader's
 * @param access who is at the address
 */
public record LeaderView(TopicRef topic, BrokerAddress address, int leaderEpoch, Access access) {
  /** Who is at an address. */
  public enum Access {
    /** The leader. */
    LEADER,
    /** A broker that passes on to the leader, which cannot be reached. */
    FORWARDING,
    /** A follower that is nearer than the leader; for reading only. */
    FOLLOWER
  }

  /** The same through another broker. */
  LeaderView through(BrokerAddress other, Access how) {
    return new LeaderView(topic, other, leaderEpoch, how);
  }

  /** Whether a request has to ask for being passed on. */
  public boolean forward() {
    return access == Access.FORWARDING;
  }
}
