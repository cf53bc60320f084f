// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

/**
 * What a change of the quorum came to; the names are the JSON contract.
 *
 * @param nodeId who was added or removed
 * @param members how many there are, or would be
 * @param mayFail how many of them may fail without the quorum losing its majority
 */
record QuorumSize(int nodeId, int members, int mayFail, boolean dryRun) {
  QuorumSize(int nodeId, int members, boolean dryRun) {
    this(nodeId, members, (members - 1) / 2, dryRun);
  }

  String text() {
    return "%d member%s, of which %s may fail%n"
        .formatted(members, members == 1 ? "" : "s", mayFail == 0 ? "none" : mayFail);
  }
}
