// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Our names in Ratis's. A peer id holds the node id and the beginning of the disk's UUID: a wiped
 * disk under the same node id must not pass for the voter it was, because Ratis would take it.
 */
final class PeerIds {
  private static final int DIRECTORY_PREFIX = 8;

  private PeerIds() {}

  static RaftGroupId group(String clusterId) {
    return RaftGroupId.valueOf(
        UUID.nameUUIDFromBytes(("jangada/" + clusterId).getBytes(StandardCharsets.UTF_8)));
  }

  static RaftPeerId peer(LogMember member) {
    return RaftPeerId.valueOf(
        "n"
            + member.nodeId()
            + "-"
            + member.directoryId().toString().substring(0, DIRECTORY_PREFIX));
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
    return RaftPeer.newBuilder().setId(peer(member)).setAddress(member.address()).build();
  }

  static RaftGroup toGroup(LogSettings settings) {
    return RaftGroup.valueOf(
        group(settings.clusterId()), settings.members().stream().map(PeerIds::toPeer).toList());
  }
}
