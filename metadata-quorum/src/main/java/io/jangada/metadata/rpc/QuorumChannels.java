// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.metadata.membership.QuorumMember;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to each member of the quorum, and a guess at who leads. Thread-safe. Calls run on
 * the network's threads: whoever uses a channel only hands off.
 */
final class QuorumChannels implements AutoCloseable {
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final List<QuorumMember> members;
  private final Map<Integer, ManagedChannel> channels = new TreeMap<>();
  private int leader;

  QuorumChannels(List<QuorumMember> members, int preferredNodeId) {
    this.members = List.copyOf(members);
    this.leader = positionOf(preferredNodeId);
    for (QuorumMember member : members) {
      channels.put(
          member.nodeId(),
          NettyChannelBuilder.forTarget(member.grpcAddress())
              .usePlaintext()
              .directExecutor()
              .maxInboundMessageSize(MAX_MESSAGE_BYTES)
              .build());
    }
  }

  private int positionOf(int nodeId) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).nodeId() == nodeId) {
        return i;
      }
    }
    return 0;
  }

  /** The member that probably leads. */
  synchronized QuorumMember leader() {
    return members.get(leader);
  }

  /**
   * That member does not lead, or does not answer.
   *
   * @param hint the node that leads instead as far as it knows, or null
   * @return true if the hint names somebody new, so that asking at once makes sense
   */
  synchronized boolean notLeader(int nodeId, @Nullable Integer hint) {
    if (members.get(leader).nodeId() != nodeId) {
      return true;
    }
    if (hint != null && hint != nodeId && channels.containsKey(hint)) {
      leader = positionOf(hint);
      return true;
    }
    leader = (leader + 1) % members.size();
    return false;
  }

  /** The member at that place, counted round and round. */
  QuorumMember member(int place) {
    return members.get(Math.floorMod(place, members.size()));
  }

  int place(int nodeId) {
    return positionOf(nodeId);
  }

  /** The connection, told not to wait before it tries again. */
  ManagedChannel channel(int nodeId) {
    ManagedChannel channel = channels.get(nodeId);
    if (channel == null) {
      throw new IllegalArgumentException("expected a quorum member, but got node " + nodeId);
    }
    channel.resetConnectBackoff();
    return channel;
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    for (ManagedChannel channel : channels.values()) {
      try {
        channel.awaitTermination(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
