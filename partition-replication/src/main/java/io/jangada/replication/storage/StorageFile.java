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
