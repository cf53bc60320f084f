// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
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

  /** For tests with a file system on FUSE that is known to keep its word. */
  private static final String TEST_PROPERTY = "jangada.test.direct-on-fuse";

  private static final String DIRECT_OPTIONS = "com.sun.nio.file.ExtendedOpenOption";
  private static final int MAX_ALIGNMENT_BYTES = 4096;
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
      int alignmentBytes = directAlignment(path);
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DSYNC,
              direct());
      return new DurableFile(path, channel, alignmentBytes);
    } catch (UnsupportedOperationException | IOException e) {
      sayPlain(path, e);
      return new DurableFile(path, plain(path), PLAIN_ALIGNMENT_BYTES);
    }
  }

  /** By name, because the compiler warns of the option's package, which every JDK has. */
  private static OpenOption direct() {
    try {
      for (Object option : Class.forName(DIRECT_OPTIONS).getEnumConstants()) {
        if (option instanceof OpenOption direct && direct.toString().equals("DIRECT")) {
          return direct;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new UnsupportedOperationException("the JDK has no " + DIRECT_OPTIONS, e);
    }
    throw new UnsupportedOperationException("the JDK's " + DIRECT_OPTIONS + " has no DIRECT");
  }

  private static int directAlignment(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    String type = store.type().toLowerCase(Locale.ROOT);
    boolean passedOn = type.startsWith("fuse") || type.equals("virtiofs") || type.equals("9p");
    if (passedOn && !Boolean.getBoolean(TEST_PROPERTY)) {
      // They may take the flags and still answer a write before it is durable.
      throw new UnsupportedOperationException("the file system is " + type);
    }
    long blockBytes = store.getBlockSize();
    if (blockBytes > MAX_ALIGNMENT_BYTES || MAX_ALIGNMENT_BYTES % blockBytes != 0) {
      throw new UnsupportedOperationException("the file system has blocks of " + blockBytes);
    }
    return (int) blockBytes;
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
      // Some file systems take the flag at the opening and refuse the first write (EINVAL), before
      // anything has happened. Later, or after a part was written, an error is an error.
      if (isPlain() || written || from.position() != start || !isInvalidArgument(e)) {
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

  /** The JDK tells errors of a write apart by nothing but the system's words. */
  private static boolean isInvalidArgument(IOException e) {
    return String.valueOf(e.getMessage()).contains("Invalid argument");
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
