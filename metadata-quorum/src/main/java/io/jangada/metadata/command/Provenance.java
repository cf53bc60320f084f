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
 */
public record Provenance(List<UUID> directories, UUID bootId, long cleanShutdownEpoch) {
  /** The last incarnation did not end in good order, or there was none. */
  public static final long UNCLEAN = -1;

  /** Copies the directories. */
  public Provenance {
    directories = List.copyOf(directories);
  }

  /** Whether everything that a log in the earlier directories had made durable is still there. */
  public boolean continues(Provenance earlier) {
    return directories.containsAll(earlier.directories);
  }
}
