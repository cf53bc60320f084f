// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.storage.AlignedBuffers;
import io.jangada.replication.storage.FileUse;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads journal files through one aligned buffer, in large pieces. Used by one thread. */
final class FileWindow implements AutoCloseable {
  private static final int USUAL_BYTES = 1 << 20;

  private final Storage storage;
  private ByteBuffer buffer;
  private @Nullable Path path;
  private @Nullable StorageFile file;
  private long start;
  private int filled;

  FileWindow(Storage storage, long fileBytes) {
    this.storage = storage;
    buffer = AlignedBuffers.allocate((int) Math.min(USUAL_BYTES, fileBytes));
  }

  /**
   * The bytes at the position: as many as were asked for, fewer only at the end of the file. Valid,
   * and free to be changed, until the next call.
   *
   * @param position a multiple of a block
   */
  ByteBuffer at(Path wanted, long position, int bytes) throws IOException {
    if (!wanted.equals(path) || position < start || position + bytes > start + filled) {
      load(wanted, position, bytes);
    }
    int at = (int) (position - start);
    return buffer.slice(at, Math.max(0, Math.min(bytes, filled - at)));
  }

  long size(Path wanted) throws IOException {
    return open(wanted).size();
  }

  private void load(Path wanted, long position, int bytes) throws IOException {
    StorageFile opened = open(wanted);
    if (bytes > buffer.capacity()) {
      buffer = AlignedBuffers.allocate(bytes);
    }
    start = position;
    filled = 0;
    buffer.clear();
    filled = opened.read(buffer, position);
  }

  private StorageFile open(Path wanted) throws IOException {
    if (file == null || !wanted.equals(path)) {
      close();
      file = storage.open(wanted, FileUse.DURABLE);
      path = wanted;
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    StorageFile open = file;
    file = null;
    path = null;
    filled = 0;
    if (open != null) {
      open.close();
    }
  }
}
