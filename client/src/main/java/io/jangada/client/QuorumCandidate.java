// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.Optional;
import java.util.UUID;

/**
 * A node that is to become a member of the metadata quorum.
 *
 * @param nodeId its number, at least 1
 * @param grpcAddress host:port of its gRPC listener, as all nodes reach it
 * @param raftAddress host:port of its Ratis listener, as the other members reach it
 * @param directoryId the identity of its disk, if it shall be no other
 */
public record QuorumCandidate(
    int nodeId, String grpcAddress, String raftAddress, Optional<UUID> directoryId) {}
