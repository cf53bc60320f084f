// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written in large runs and leaves the page cache soon after. Where the system
 * cannot do that it stays in there, which is said once.
 */
final class StreamedFile implements StorageFile {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedFile.class);
  private static final Set<StreamedWay> REFUSED = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final NativeFiles calls;
  private final WriteBehind behind;
  private final int descriptor;
  private StreamedWay way;
  private long end;
  private boolean closed;
  private @Nullable IOException lost;

  StreamedFile(FileChannel channel, NativeFiles calls, StreamedWay way, WriteBehind behind)
      throws IOException {
    this.channel = channel;
    this.calls = calls;
    this.way = way;
    this.behind = behind;
    descriptor = calls.descriptor(channel);
    end = channel.size();
  }

  /** From here on this file is written in the next best way. */
  private void refused() {
    StreamedWay next =
        way == StreamedWay.DONTCACHE ? StreamedWay.WRITE_BEHIND : StreamedWay.BUFFERED;
    if (REFUSED.add(way)) {
      LOG.warn("the file system has no {}; segments are written {}, which costs more", way, next);
    }
    way = next;
  }

  @Override
  public void append(ByteBuffer[] buffers) throws IOException {
    for (ByteBuffer buffer : buffers) {
      write(buffer, end);
    }
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    int bytes = from.remaining();
    boolean started = false;
    synchronized (this) {
      if (closed) {
        throw new IOException("the file is closed");
      }
      refuseIfLost();
      if (!writeUncached(from, position)) {
        long at = position;
        while (from.hasRemaining()) {
          at += channel.write(from, at);
        }
        started = startWriting(position, bytes);
      }
      end = Math.max(end, position + bytes);
    }
    if (started) {
      behind.started(this, position, bytes);
    }
  }

  private boolean writeUncached(ByteBuffer from, long position) throws IOException {
    if (way != StreamedWay.DONTCACHE || !from.isDirect()) {
      return false;
    }
    boolean written = calls.writeUncached(descriptor, from, position);
    if (!written) {
      refused();
    }
    return written;
  }

  private boolean startWriting(long position, long bytes) throws IOException {
    if (way == StreamedWay.BUFFERED) {
      return false;
    }
    boolean started = calls.startWriting(descriptor, position, bytes);
    if (!started) {
      way = StreamedWay.WRITE_BEHIND;
      refused();
    }
    return started;
  }

  /**
   * Waits for the range and drops it from the cache; nothing happens if the file is closed. The
   * system tells of a failed write only once, here: it is remembered for the next force.
   */
  synchronized void finish(long from, long bytes) {
    try {
      if (!closed && !calls.finishWriting(descriptor, from, bytes)) {
        way = StreamedWay.WRITE_BEHIND;
        refused();
      }
    } catch (IOException e) {
      lost = e;
    }
  }

  private void refuseIfLost() throws IOException {
    IOException failure = lost;
    if (failure != null) {
      throw new IOException("what was written before has not reached the disk", failure);
    }
  }

  @Override
  public int alignmentBytes() {
    return 1;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int count = channel.read(into, position + total);
      if (count < 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    synchronized (this) {
      refuseIfLost();
    }
    channel.force(metadata);
    synchronized (this) {
      refuseIfLost();
    }
  }

  @Override
  public synchronized void truncate(long size) throws IOException {
    channel.truncate(size);
    end = channel.size();
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
