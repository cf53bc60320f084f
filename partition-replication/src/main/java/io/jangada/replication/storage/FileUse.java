// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

/** What a file is for, which decides how it is written. */
public enum FileUse {
  /** Through the page cache; durable after {@link StorageFile#force}. */
  CACHED,

  /**
   * Written once from its beginning to its end in large runs and seldom read soon, as a segment is:
   * its whole blocks go past the page cache where the file system allows it, because new pages
   * there cost more than the disk. For that a buffer is a direct one, and lies in its block of
   * memory ({@link AlignedBuffers#ALIGNMENT_BYTES}) as its bytes lie in their block of the file;
   * any other is written too, at the higher price. Durable after {@link StorageFile#force}.
   */
  STREAMED,

  /**
   * Each write is durable when it returns, and goes past the page cache where the file system
   * allows it. Positions, lengths and the addresses of buffers are multiples of {@link
   * StorageFile#alignmentBytes}; buffers are direct ones.
   */
  DURABLE
}
