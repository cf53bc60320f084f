// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.FollowerSession;
import java.util.function.Consumer;

/**
 * The replication stream of one subscription: in order, without gaps, until it breaks; then both
 * ends hear of it, each when it does.
 */
final class SimStream {
  private final SimCluster cluster;
  private final TopicIdPartition partition;
  private final FollowerSession session;
  private final int leaderId;
  private final int followerProcess;
  private int leaderProcess;
  private boolean broken;
  private long lastToLeaderMicros;
  private long lastToFollowerMicros;

  SimStream(SimCluster cluster, TopicIdPartition partition, FollowerSession session, int leaderId) {
    this.cluster = cluster;
    this.partition = partition;
    this.session = session;
    this.leaderId = leaderId;
    this.followerProcess = cluster.broker(session.brokerId()).process();
    this.leaderProcess = cluster.broker(leaderId).process();
  }

  TopicIdPartition partition() {
    return partition;
  }

  FollowerSession session() {
    return session;
  }

  boolean touches(int brokerId) {
    return brokerId == leaderId || brokerId == session.brokerId();
  }

  /** The follower wants no more of it; the leader hears of it if it can. */
  void close() {
    if (!broken) {
      broken = true;
      cluster.network().send(session.brokerId(), leaderId, this::tellLeader);
    }
  }

  void toLeader(Consumer<SimBroker> message) {
    long at = arrival(session.brokerId(), leaderId, lastToLeaderMicros);
    if (at >= 0) {
      lastToLeaderMicros = at;
      cluster.clock().afterMicros(at - cluster.clock().nowMicros(), () -> atLeader(message));
    }
  }

  void toFollower(Consumer<SimBroker> message) {
    long at = arrival(leaderId, session.brokerId(), lastToFollowerMicros);
    if (at >= 0) {
      lastToFollowerMicros = at;
      cluster.clock().afterMicros(at - cluster.clock().nowMicros(), () -> atFollower(message));
    }
  }

  /** Nothing gets through any more; each end notices for itself, within that time. */
  void breakWithin(long maxMs) {
    if (!broken) {
      broken = true;
      cluster.counters().count(Counter.BROKEN_STREAMS);
      cluster.clock().afterMs(cluster.clock().between(0, maxMs), this::tellLeader);
      cluster.clock().afterMs(cluster.clock().between(0, maxMs), this::tellFollower);
    }
  }

  private long arrival(int from, int to, long notBeforeMicros) {
    if (broken) {
      return -1;
    }
    long transit = cluster.network().transitMicros(from, to);
    if (transit == SimNetwork.CUT) {
      breakWithin(2_000);
      return -1;
    }
    return Math.max(cluster.clock().nowMicros() + transit, notBeforeMicros + 1);
  }

  private void atLeader(Consumer<SimBroker> message) {
    SimBroker leader = cluster.broker(leaderId);
    if (!broken && leader.isProcess(leaderProcess)) {
      message.accept(leader);
    } else {
      breakWithin(5);
    }
  }

  private void atFollower(Consumer<SimBroker> message) {
    SimBroker follower = cluster.broker(session.brokerId());
    if (!broken && follower.isProcess(followerProcess)) {
      message.accept(follower);
    } else {
      breakWithin(5);
    }
  }

  private void tellLeader() {
    SimBroker leader = cluster.broker(leaderId);
    if (leader.isProcess(leaderProcess)) {
      leader.followerGone(partition, session);
    }
  }

  private void tellFollower() {
    SimBroker follower = cluster.broker(session.brokerId());
    if (follower.isProcess(followerProcess)) {
      follower.streamLost(partition, session.session());
    }
  }
}
