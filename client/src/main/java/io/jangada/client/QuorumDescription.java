// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.List;

/**
 * The metadata quorum.
 *
 * @param clusterId of the cluster
 * @param leaderId node id, or -1 for none known
 * @param term of the Raft protocol
 * @param controllerEpoch grows with every new controller
 * @param committedIndex of the metadata log
 * @param featureLevel what the cluster may write
 * @param members in order of node id
 */
public record QuorumDescription(
    String clusterId,
    int leaderId,
    long term,
    long controllerEpoch,
    long committedIndex,
    int featureLevel,
    List<Member> members) {

  /**
   * A node of the quorum.
   *
   * @param nodeId its number
   * @param address host:port of Raft
   * @param leader whether it leads
   * @param matchIndex how far it has the log, as the leader sees it; -1 = unknown
   * @param lastContactMs milliseconds since the leader heard of it; -1 = unknown
   * @param grpcAddress host:port of gRPC; empty = unknown
   * @param directoryId the identity of its disk, or the beginning of it; empty = unknown
   */
  public record Member(
      int nodeId,
      String address,
      boolean leader,
      long matchIndex,
      long lastContactMs,
      String grpcAddress,
      String directoryId) {}
}
