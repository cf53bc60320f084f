// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.UUID;

/**
 * A voting member of the metadata log.
 *
 * @param nodeId the node's id
 * @param directoryId the identity of its disk: the same node with another disk is another voter,
 *     because it has forgotten how it voted
 * @param address host:port of its Ratis listener
 */
public record LogMember(int nodeId, UUID directoryId, String address) {}
