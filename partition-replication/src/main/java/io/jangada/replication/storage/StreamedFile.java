// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file whose whole blocks are written past the page cache, and through it the parts of a block
 * that a run begins and ends with: so a block is written in both ways only after a cut, when the
 * system keeps the two in step. Where the file system refuses that, all goes through the cache,
 * which is said once.
 */
final class StreamedFile implements StorageFile {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedFile.class);
  private static final AtomicBoolean SAID_REFUSED = new AtomicBoolean();
  private static final int BLOCK_BYTES = AlignedBuffers.ALIGNMENT_BYTES;

  /** Less is not worth a wait for the disk. */
  private static final int MIN_DIRECT_BYTES = 64 << 10;

  private final Path path;
  private final ChannelFile cached;

  /** Opened for the first run that is worth it; guarded by this, as is the next. */
  private @Nullable FileChannel direct;

  private boolean cachedOnly;

  StreamedFile(Path path, ChannelFile cached) {
    this.path = path;
    this.cached = cached;
  }

  @Override
  public void append(ByteBuffer[] buffers) throws IOException {
    for (ByteBuffer buffer : buffers) {
      write(buffer, cached.end());
    }
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    long start = position - from.position();
    int head = (int) (-position & (BLOCK_BYTES - 1));
    int blocks = (from.remaining() - head) & -BLOCK_BYTES;
    if (blocks >= MIN_DIRECT_BYTES
        && from.isDirect()
        && from.alignmentOffset(from.position() + head, BLOCK_BYTES) == 0) {
      int limit = from.limit();
      from.limit(from.position() + head);
      cached.write(from, start + from.position());
      from.limit(from.position() + blocks);
      writeBlocks(from, start + from.position());
      from.limit(limit);
    }
    // The rest of the last block, or what was refused.
    cached.write(from, start + from.position());
  }

  /** Writes what may be written past the page cache: all, or nothing where that is refused. */
  private synchronized void writeBlocks(ByteBuffer from, long position) throws IOException {
    long start = position - from.position();
    try {
      FileChannel channel = cachedOnly ? null : direct();
      while (channel != null && from.hasRemaining()) {
        channel.write(from, start + from.position());
      }
      cached.endsAtLeast(start + from.position());
    } catch (UnsupportedOperationException e) {
      refused(e);
    } catch (IOException e) {
      if (!DirectIo.isRefusal(e)) {
        throw e;
      }
      refused(e);
    }
  }

  private FileChannel direct() throws IOException {
    FileChannel open = direct;
    if (open == null) {
      open = DirectIo.open(path).channel();
      direct = open;
    }
    return open;
  }

  private void refused(Exception why) {
    cachedOnly = true;
    if (SAID_REFUSED.compareAndSet(false, true)) {
      LOG.warn(
          "{} is written through the page cache, which costs more, because direct writes are"
              + " refused: {}",
          path,
          why.getMessage());
    }
  }

  @Override
  public int alignmentBytes() {
    return cached.alignmentBytes();
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return cached.read(into, position);
  }

  @Override
  public void force(boolean metadata) throws IOException {
    cached.force(metadata);
  }

  @Override
  public void truncate(long size) throws IOException {
    cached.truncate(size);
  }

  @Override
  public long size() throws IOException {
    return cached.size();
  }

  @Override
  public void close() throws IOException {
    try {
      FileChannel open;
      synchronized (this) {
        open = direct;
        direct = null;
        cachedOnly = true;
      }
      if (open != null) {
        open.close();
      }
    } finally {
      cached.close();
    }
  }
}
