// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.List;

/**
 * The quorum as one member sees it.
 *
 * @param leaderId the leader's node id, or -1
 * @param term the current Raft term
 * @param committedIndex the last committed entry this member knows
 * @param members all voters, by node id
 */
public record LogView(int leaderId, long term, long committedIndex, List<MemberView> members) {
  /** Where nothing is known. */
  public static final long UNKNOWN = -1;

  /** Copies the list. */
  public LogView {
    members = List.copyOf(members);
  }

  /**
   * One voter.
   *
   * @param nodeId its node
   * @param disk the beginning of its disk's identity
   * @param address its Ratis address
   * @param grpcAddress its gRPC address; empty for members of the first configuration
   * @param matchIndex up to where its log surely is the leader's; {@link #UNKNOWN} unless this
   *     member leads
   * @param lastContactMs time since the leader heard of it; {@link #UNKNOWN} unless this member
   *     leads
   */
  public record MemberView(
      int nodeId,
      String disk,
      String address,
      String grpcAddress,
      long matchIndex,
      long lastContactMs) {}
}
