// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file whose writes are durable when they return: past the page cache (O_DIRECT and O_DSYNC)
 * where the file system takes that, otherwise through it with an fdatasync after each write.
 *
 * <p>One thread writes; others may read.
 */
final class DurableFile implements StorageFile {
  private static final Logger LOG = LoggerFactory.getLogger(DurableFile.class);

  private static final int PLAIN_ALIGNMENT_BYTES = 1;
  private static final AtomicBoolean SAID_PLAIN = new AtomicBoolean();

  private final Path path;
  private volatile FileChannel channel;
  private volatile int alignmentBytes;
  private boolean written;
  private long end;

  private DurableFile(Path path, FileChannel channel, int alignmentBytes) throws IOException {
    this.path = path;
    this.channel = channel;
    this.alignmentBytes = alignmentBytes;
    end = channel.size();
  }

  static DurableFile open(Path path) throws IOException {
    // It must exist before its file system can be asked about it.
    plain(path).close();
    try {
      DirectIo.DirectChannel direct = DirectIo.open(path, StandardOpenOption.DSYNC);
      return new DurableFile(path, direct.channel(), direct.alignmentBytes());
    } catch (UnsupportedOperationException | IOException e) {
      sayPlain(path, e);
      return new DurableFile(path, plain(path), PLAIN_ALIGNMENT_BYTES);
    }
  }

  private static FileChannel plain(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void sayPlain(Path path, Exception why) {
    if (SAID_PLAIN.compareAndSet(false, true)) {
      LOG.warn(
          "{} is written through the page cache with fdatasync, which is slower, because direct"
              + " writes are refused: {}",
          path,
          why.getMessage());
    }
  }

  private boolean isPlain() {
    return alignmentBytes == PLAIN_ALIGNMENT_BYTES;
  }

  @Override
  public void append(ByteBuffer[] buffers) throws IOException {
    for (ByteBuffer buffer : buffers) {
      write(buffer, end);
    }
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    int start = from.position();
    try {
      writeFully(from, position);
    } catch (IOException e) {
      // Before anything has happened; later, or after a part was written, an error is an error.
      if (isPlain() || written || from.position() != start || !DirectIo.isRefusal(e)) {
        throw e;
      }
      sayPlain(path, e);
      channel.close();
      channel = plain(path);
      alignmentBytes = PLAIN_ALIGNMENT_BYTES;
      writeFully(from, position);
    }
    if (isPlain()) {
      channel.force(false);
    }
    written = true;
    end = Math.max(end, position + from.position() - start);
  }

  private void writeFully(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  @Override
  public int alignmentBytes() {
    return alignmentBytes;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int count = channel.read(into, position + total);
      if (count <= 0) {
        break;
      }
      total += count;
      if (!isPlain() && total % alignmentBytes != 0) {
        break; // the end of the file; the next position would not be aligned
      }
    }
    return total;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    channel.force(metadata);
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
    end = size;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
