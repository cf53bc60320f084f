// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.List;
import java.util.UUID;

/**
 * Where the logs of a broker's new incarnation come from: what its rights over its replicas rest on
 * (REPLICATION.md, rule 8; KIP-966). Immutable.
 *
 * @param directories the ids of its log directories; a wiped or replaced directory has a new one
 * @param bootId the operating system's boot; while it is unchanged the page cache has survived
 * @param cleanShutdownEpoch the last broker epoch, if that incarnation closed its logs in good
 *     order; else {@link #UNCLEAN}
 * @param run which start of a process this is
 */
public record Provenance(List<UUID> directories, UUID bootId, long cleanShutdownEpoch, Run run) {
  /** The last incarnation did not end in good order, or there was none. */
  public static final long UNCLEAN = -1;

  /**
   * The starts of processes on one data directory are counted in it. A registration that was under
   * way when its process died can thus be told from its successor's.
   *
   * @param dataDirectory the id of the directory that counts
   * @param number from 1; 0 where nothing counts
   */
  public record Run(UUID dataDirectory, long number) {
    /** Not counted. */
    public static final Run UNKNOWN = new Run(new UUID(0, 0), 0);
  }

  /** Copies the directories. */
  public Provenance {
    directories = List.copyOf(directories);
  }

  /** The provenance of a process whose start was not counted. */
  public Provenance(List<UUID> directories, UUID bootId, long cleanShutdownEpoch) {
    this(directories, bootId, cleanShutdownEpoch, Run.UNKNOWN);
  }

  /** Whether everything that a log in the earlier directories had made durable is still there. */
  public boolean continues(Provenance earlier) {
    return directories.containsAll(earlier.directories);
  }

  /**
   * Whether that process began before the other, on the same data directory: it is of the past.
   * Known only within one boot of the machine: after a power loss the count may have gone back.
   */
  public boolean isBefore(Provenance other) {
    return run.number > 0
        && bootId.equals(other.bootId)
        && run.dataDirectory.equals(other.run.dataDirectory)
        && run.number < other.run.number;
  }

  /** The same without what only feature level 2 knows. */
  public Provenance withoutRun() {
    return new Provenance(directories, bootId, cleanShutdownEpoch, Run.UNKNOWN);
  }
}
