// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import java.nio.file.Path;
import java.util.UUID;

/**
 * A log directory.
 *
 * @param path where it lies
 * @param id its identity for ever: files of another directory are not used in it
 * @param journalFileBytes of each journal file
 * @param journalMaxBytes of all of them
 * @param maxPendingBytes that wait for their segments before the largest logs are written out
 * @param quarantineMaxBytes of damaged logs that are kept for people to look at
 * @param recoveryThreads that open and sync logs at the start
 */
public record LogDirectoryConfig(
    Path path,
    UUID id,
    long journalFileBytes,
    long journalMaxBytes,
    long maxPendingBytes,
    long quarantineMaxBytes,
    int recoveryThreads) {
  /**
   * Journal files of 64 MiB, 1 GiB in all, 4 GiB of quarantine, 4 threads. 16 MiB pending: with the
   * tail cache, within which they count, they have to stay within the survivor spaces of the
   * launcher's heap.
   */
  public static LogDirectoryConfig of(Path path, UUID id) {
    return new LogDirectoryConfig(path, id, 64L << 20, 1L << 30, 16L << 20, 4L << 30, 4);
  }
}
