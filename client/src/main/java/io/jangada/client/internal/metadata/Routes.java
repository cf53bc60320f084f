// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.Connections;
import io.jangada.common.TopicPartition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to partitions: straight to the leader where it can be reached, else through a broker that
 * passes on, the same one as long as that can be reached. A leader that could not be reached is
 * tried again in the background. Thread-safe.
 */
public final class Routes {
  private final MetadataCache cache;
  private final Connections connections;
  private final BrokerRotation rotation;
  private volatile @Nullable BrokerAddress standIn;

  /** Routes over what is known. */
  public Routes(MetadataCache cache, Connections connections, BrokerRotation rotation) {
    this.cache = cache;
    this.connections = connections;
    this.rotation = rotation;
  }

  /** The way to a partition's leader, where one is known. */
  public Optional<LeaderView> toLeader(TopicPartition partition, long nowNanos) {
    return cache.view().leader(partition).map(leader -> reachable(leader, nowNanos));
  }

  /**
   * The way to a replica to read from.
   *
   * @param rack where a follower is preferred, or empty
   */
  public Optional<LeaderView> toReplica(TopicPartition partition, String rack, long nowNanos) {
    if (!rack.isEmpty()) {
      Optional<LeaderView> follower = cache.view().follower(partition, rack);
      if (follower.isPresent() && !connections.to(follower.get().address()).unreachable(nowNanos)) {
        return follower;
      }
    }
    return toLeader(partition, nowNanos);
  }

  private LeaderView reachable(LeaderView leader, long nowNanos) {
    if (!connections.to(leader.address()).unreachable(nowNanos)) {
      return leader;
    }
    BrokerAddress through = standIn;
    if (through == null || !connections.to(through).reached()) {
      through = rotation.reached(leader.address()).map(Connection::address).orElse(null);
      standIn = through;
    }
    return through == null || through.equals(leader.address())
        ? leader
        : leader.through(through, LeaderView.Access.FORWARDING);
  }
}
