// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.v1.LeaderHint;
import io.jangada.metadata.membership.MemberBook;
import io.jangada.metadata.membership.QuorumMember;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One connection to each member of the quorum, and a guess at who leads. The members may change.
 * Thread-safe. Calls run on the network's threads: whoever uses a channel only hands off.
 */
final class QuorumChannels implements AutoCloseable {
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final MemberBook book;
  private final Map<String, ManagedChannel> channels = new HashMap<>();
  private int leader;

  QuorumChannels(MemberBook book, int preferredNodeId) {
    this.book = book;
    this.leader = preferredNodeId;
  }

  /** All members that are known. */
  List<QuorumMember> members() {
    return book.members();
  }

  private int positionOf(List<QuorumMember> members, int nodeId) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).nodeId() == nodeId) {
        return i;
      }
    }
    return 0;
  }

  /** The member that probably leads. */
  synchronized QuorumMember leader() {
    List<QuorumMember> members = book.members();
    return members.get(positionOf(members, leader));
  }

  /**
   * That member does not lead, or does not answer.
   *
   * @param hint who leads instead as far as it knows, or null
   * @return true if the hint names somebody new, so that asking at once makes sense
   */
  synchronized boolean notLeader(int nodeId, @Nullable LeaderHint hint) {
    List<QuorumMember> members = book.members();
    int position = positionOf(members, leader);
    if (members.get(position).nodeId() != nodeId) {
      return true;
    }
    if (hint != null && hint.getBrokerId() != nodeId) {
      int hinted = hint.getBrokerId();
      if (members.stream().anyMatch(member -> member.nodeId() == hinted)
          || book.meet(hinted, hint.getAddress())) {
        leader = hinted;
        return true;
      }
    }
    leader = members.get((position + 1) % members.size()).nodeId();
    return false;
  }

  /** The leader has said who the members are. Returns whether anything is new. */
  synchronized boolean learn(List<QuorumMember> voters) {
    if (!book.learn(voters)) {
      return false;
    }
    Set<String> known =
        voters.stream().map(QuorumMember::grpcAddress).collect(Collectors.toUnmodifiableSet());
    channels
        .entrySet()
        .removeIf(
            channel -> {
              boolean gone = !known.contains(channel.getKey());
              if (gone) {
                channel.getValue().shutdown();
              }
              return gone;
            });
    return true;
  }

  /** The member at that place, counted round and round. */
  QuorumMember member(int place) {
    List<QuorumMember> members = book.members();
    return members.get(Math.floorMod(place, members.size()));
  }

  int place(int nodeId) {
    return positionOf(book.members(), nodeId);
  }

  /** The connection, told not to wait before it tries again. */
  synchronized ManagedChannel channel(QuorumMember member) {
    ManagedChannel channel =
        channels.computeIfAbsent(
            member.grpcAddress(),
            address ->
                NettyChannelBuilder.forTarget(address)
                    .usePlaintext()
                    .directExecutor()
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .build());
    channel.resetConnectBackoff();
    return channel;
  }

  @Override
  public synchronized void close() {
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
