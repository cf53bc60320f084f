// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.nio.file.Path;
import java.util.List;

/**
 * How to run this node's member of the metadata log.
 *
 * @param clusterId names the group; nodes of another cluster are not understood
 * @param self this node
 * @param members all voters: those of the last run, else those of the first configuration; empty
 *     for a node that waits to be added. What the log itself says goes before
 * @param directory where the log and its snapshots are, created if missing
 * @param snapshotEveryEntries after how many entries a snapshot is taken, and how many are kept
 *     behind it for members that are away
 * @param segmentBytes the size of a log file; only whole files are purged
 */
public record LogSettings(
    String clusterId,
    LogMember self,
    List<LogMember> members,
    Path directory,
    long snapshotEveryEntries,
    int segmentBytes) {
  /** The default of {@link #snapshotEveryEntries}. */
  public static final long DEFAULT_SNAPSHOT_EVERY_ENTRIES = 100_000;

  /** The default of {@link #segmentBytes}. */
  public static final int DEFAULT_SEGMENT_BYTES = 16 << 20;

  /** Copies the list. */
  public LogSettings {
    members = List.copyOf(members);
  }

  /** Whether nobody else votes. */
  boolean alone() {
    return members.size() == 1;
  }
}
