// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.nio.file.Path;
import java.util.UUID;

/**
 * How the journal of a log directory is kept. See {@link #of} for the defaults.
 *
 * @param directory where its files lie, and nothing else
 * @param directoryId of the log directory; in every group, so that a foreign file is recognised
 * @param fileBytes of each file, a multiple of {@link #BLOCK_BYTES}; more than twice the largest
 *     entry
 * @param maxBytes of all files; at least two of them
 * @param groupBytes after which a group takes no further entry; an entry alone may be larger
 * @param sealAfterMs of idleness, after which the last group is said to be durable
 */
public record JournalConfig(
    Path directory,
    UUID directoryId,
    long fileBytes,
    long maxBytes,
    int groupBytes,
    int sealAfterMs) {
  /** Groups begin and end at multiples of this. */
  public static final int BLOCK_BYTES = 4096;

  private static final long DEFAULT_FILE_BYTES = 64L << 20;
  private static final long MAX_FILE_BYTES = 1L << 30;
  private static final long DEFAULT_MAX_BYTES = 1L << 30;
  private static final int DEFAULT_GROUP_BYTES = 4 << 20;
  private static final int DEFAULT_SEAL_AFTER_MS = 20;

  /** Checks that the sizes fit together. */
  public JournalConfig {
    if (groupBytes < BLOCK_BYTES
        || fileBytes % BLOCK_BYTES != 0
        || fileBytes < 2L * groupBytes
        || fileBytes > MAX_FILE_BYTES
        || maxBytes < 2 * fileBytes
        || sealAfterMs < 1) {
      throw new IllegalArgumentException(
          "expected groups ≥ "
              + BLOCK_BYTES
              + ", files of whole blocks that hold two groups and at most 1 GiB, and room for two"
              + " files, but groups are "
              + groupBytes
              + ", files "
              + fileBytes
              + ", all together "
              + maxBytes
              + " bytes");
    }
  }

  /** Files of 64 MiB, 1 GiB in all, groups of 4 MiB, sealed after 20 ms. */
  public static JournalConfig of(Path directory, UUID directoryId) {
    return new JournalConfig(
        directory,
        directoryId,
        DEFAULT_FILE_BYTES,
        DEFAULT_MAX_BYTES,
        DEFAULT_GROUP_BYTES,
        DEFAULT_SEAL_AFTER_MS);
  }
}
