// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

/** How {@link FileUse#STREAMED} files are written; measured in ADR 6. */
public enum StreamedWay {
  /** Through the page cache; the kernel writes when it thinks fit. */
  BUFFERED,

  /**
   * Through the page cache, but each run is on its way to the disk at once, and leaves the cache
   * when some more have followed (sync_file_range, posix_fadvise).
   */
  WRITE_BEHIND,

  /** The kernel does the same by itself (RWF_DONTCACHE). */
  DONTCACHE
}
