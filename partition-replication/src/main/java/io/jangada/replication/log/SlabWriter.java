// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.storage.AlignedBuffers;
import io.jangada.replication.storage.FileUse;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes batches that lie here and there in memory as few large runs, each of which lies in memory
 * as {@link FileUse#STREAMED} files want it. No state.
 */
final class SlabWriter {
  private SlabWriter() {}

  /**
   * Writes the batches one after the other from the position on.
   *
   * @param slab what is written with one call; its content does not matter
   */
  static void write(StorageFile file, long position, List<ByteBuffer> batches, ByteBuffer slab)
      throws IOException {
    long at = position;
    clear(slab, at);
    for (ByteBuffer batch : batches) {
      ByteBuffer rest = batch.duplicate();
      while (rest.hasRemaining()) {
        int part = Math.min(rest.remaining(), slab.remaining());
        slab.put(rest.slice(rest.position(), part));
        rest.position(rest.position() + part);
        if (!slab.hasRemaining()) {
          at = write(file, slab, at);
          clear(slab, at);
        }
      }
    }
    write(file, slab, at);
  }

  /** What is put there next lies in its block of memory as it will lie in its block of the file. */
  private static void clear(ByteBuffer slab, long position) {
    slab.clear().position((int) (position % AlignedBuffers.ALIGNMENT_BYTES)).mark();
  }

  private static long write(StorageFile file, ByteBuffer slab, long position) throws IOException {
    slab.limit(slab.position()).reset();
    long next = position + slab.remaining();
    if (slab.hasRemaining()) {
      file.write(slab, position);
    }
    return next;
  }
}
