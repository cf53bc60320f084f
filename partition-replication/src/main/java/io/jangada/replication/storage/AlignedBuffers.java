// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.nio.ByteBuffer;

/** Direct memory as {@link FileUse#DURABLE} files want it. */
public final class AlignedBuffers {
  /** A multiple of every alignment that is used: of memory, and of positions in a file. */
  public static final int ALIGNMENT_BYTES = 4096;

  private AlignedBuffers() {}

  /**
   * Direct memory, zeroed, whose address is a multiple of every alignment that is used.
   *
   * @param bytes a multiple of 4096
   */
  public static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes + ALIGNMENT_BYTES)
        .alignedSlice(ALIGNMENT_BYTES)
        .slice(0, bytes);
  }
}
