// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

/**
 * A configured member of the metadata quorum.
 *
 * @param nodeId its node
 * @param raftAddress host:port of its Ratis listener
 * @param grpcAddress host:port of its gRPC listener
 */
public record QuorumMember(int nodeId, String raftAddress, String grpcAddress) {}
