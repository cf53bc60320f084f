// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.publish;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** One snapshot on its way to one subscriber: a file of its own that is gone when it is closed. */
final class SnapshotTransfer implements AutoCloseable {
  private static final int CHUNK_BYTES = 256 << 10;

  private final long index;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private long sentBytes;

  SnapshotTransfer(ChangeSource source, Path directory) throws IOException {
    // Of the last change, not of the last entry: changes are chained by it.
    index = source.changeIndex();
    Path file = directory.resolve("subscriber-" + Long.toHexString(System.nanoTime()) + ".tmp");
    source.copyTo(file);
    channel = FileChannel.open(file, StandardOpenOption.READ);
    // Open is enough to read it; what a killed process leaves is swept at the next start.
    Files.delete(file);
  }

  void begin(DeltaSink sink) throws IOException {
    sink.snapshotBegin(index, channel.size());
  }

  /** Sends while the subscriber takes it; true once all is sent. */
  boolean advance(DeltaSink sink) throws IOException {
    while (sink.ready()) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      int read = channel.read(chunk, sentBytes);
      if (read < 0) {
        sink.snapshotEnd((int) crc.getValue());
        return true;
      }
      crc.update(chunk.array(), 0, read);
      sentBytes += read;
      sink.snapshotChunk(read == CHUNK_BYTES ? chunk.array() : Arrays.copyOf(chunk.array(), read));
    }
    return false;
  }

  /** Changes from here on follow the snapshot; it may have some of them already. */
  long index() {
    return index;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
