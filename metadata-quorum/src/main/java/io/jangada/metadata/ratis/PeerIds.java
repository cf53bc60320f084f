// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * Our names in Ratis's. A peer id holds the node id and the beginning of the disk's UUID: a wiped
 * disk under the same node id must not pass for the voter it was, because Ratis would take it. A
 * peer's client address, which Ratis does not use on a server, is the one of our own gRPC port.
 */
final class PeerIds {
  private PeerIds() {}

  static RaftGroupId group(String clusterId) {
    return RaftGroupId.valueOf(
        UUID.nameUUIDFromBytes(("jangada/" + clusterId).getBytes(StandardCharsets.UTF_8)));
  }

  static RaftPeerId peer(LogMember member) {
    return RaftPeerId.valueOf("n" + member.nodeId() + "-" + member.disk());
  }

  /** The node id in a peer id, or -1 for none. */
  static int nodeId(String peerId) {
    int dash = peerId.indexOf('-');
    if (dash < 2 || peerId.charAt(0) != 'n') {
      return -1;
    }
    return Integer.parseInt(peerId, 1, dash, 10);
  }

  static RaftPeer toPeer(LogMember member) {
    RaftPeer.Builder peer = RaftPeer.newBuilder().setId(peer(member)).setAddress(member.address());
    return (member.grpcAddress().isEmpty() ? peer : peer.setClientAddress(member.grpcAddress()))
        .build();
  }

  static LogMember toMember(String peerId, String address, @Nullable String clientAddress) {
    return new LogMember(
        nodeId(peerId),
        peerId.substring(peerId.indexOf('-') + 1),
        address,
        clientAddress == null ? "" : clientAddress);
  }

  static RaftGroup toGroup(LogSettings settings) {
    return RaftGroup.valueOf(
        group(settings.clusterId()), settings.members().stream().map(PeerIds::toPeer).toList());
  }
}
