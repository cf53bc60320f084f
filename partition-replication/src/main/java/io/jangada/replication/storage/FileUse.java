// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

/** What a file is for, which decides how it is written. */
public enum FileUse {
  /** Through the page cache; durable after {@link StorageFile#force}. */
  CACHED,

  /**
   * Written once from its beginning to its end in large runs and seldom read soon, as a segment is:
   * kept out of the page cache as well as the system can, because new pages there cost more than
   * the disk. Durable after {@link StorageFile#force}.
   */
  STREAMED,

  /**
   * Each write is durable when it returns, and goes past the page cache where the file system
   * allows it. Positions, lengths and the addresses of buffers are multiples of {@link
   * StorageFile#alignmentBytes}; buffers are direct ones.
   */
  DURABLE
}
