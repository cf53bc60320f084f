// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file. One thread appends and truncates; any thread reads and forces meanwhile. All calls
 * may block.
 */
public interface StorageFile extends AutoCloseable {
  /** Writes all remaining bytes of all buffers at the end of the file. */
  void append(ByteBuffer[] buffers) throws IOException;

  /**
   * Writes all remaining bytes at the position. A write of a {@link FileUse#DURABLE} file is
   * durable when it returns. Large buffers should be direct ones: the JDK copies others into direct
   * memory of its own, which it keeps for each thread.
   *
   * @throws IOException never to be answered by another attempt if the file is durable
   */
  void write(ByteBuffer from, long position) throws IOException;

  /**
   * What positions, lengths and addresses of writes and reads must be multiples of; 1 = anything.
   */
  int alignmentBytes();

  /**
   * Fills the buffer from the position on.
   *
   * @return the bytes read; fewer than asked only at the end of the file
   */
  int read(ByteBuffer into, long position) throws IOException;

  /**
   * Makes what was written durable (fdatasync; with metadata, fsync).
   *
   * @throws IOException never to be answered by another attempt: the kernel has dropped the pages
   */
  void force(boolean metadata) throws IOException;

  /** Cuts the file; the next append continues there. */
  void truncate(long size) throws IOException;

  /** Bytes in the file. */
  long size() throws IOException;

  @Override
  void close() throws IOException;
}
