// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import java.util.UUID;

/**
 * Who this process is, as it registers with the quorum.
 *
 * @param clusterId of the data directory
 * @param nodeId of the data directory and the configuration
 * @param directoryId of the data directory; a wiped disk gets another
 * @param incarnation new with each process
 * @param bootId of the machine
 * @param joinsQuorum whether the data directory was formatted to wait until the quorum adds it
 */
public record NodeIdentity(
    UUID clusterId,
    int nodeId,
    UUID directoryId,
    UUID incarnation,
    UUID bootId,
    boolean joinsQuorum) {}
