// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log: record batches, one after the other. The file is opened when it is first
 * needed. Threads as in {@link PartitionLog}.
 */
final class LogSegment {
  private static final String SUFFIX = ".log";
  private static final int OFFSET_DIGITS = 20;

  private final Storage storage;
  private final Path path;
  private final long baseOffset;
  private final OffsetIndex index;
  private final int readAheadBytes;
  private final AtomicBoolean dirty = new AtomicBoolean();
  private volatile int sizeBytes;
  private volatile long maxTimestampMs = -1;
  private @Nullable StorageFile file;
  private boolean retired;

  LogSegment(Storage storage, Path directory, long baseOffset, LogConfig config) {
    this.storage = storage;
    this.path = directory.resolve(fileName(baseOffset));
    this.baseOffset = baseOffset;
    this.index = new OffsetIndex(config.indexIntervalBytes());
    this.readAheadBytes = config.indexIntervalBytes();
  }

  static String fileName(long baseOffset) {
    String digits = Long.toString(baseOffset);
    return "0".repeat(OFFSET_DIGITS - digits.length()) + digits + SUFFIX;
  }

  /** The base offset in a segment's file name, or -1 if the name is not one. */
  static long baseOffsetOf(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.length() != OFFSET_DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return -1;
    }
    String digits = name.substring(0, OFFSET_DIGITS);
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(digits) : -1;
  }

  long baseOffset() {
    return baseOffset;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  long maxTimestampMs() {
    return maxTimestampMs;
  }

  Path path() {
    return path;
  }

  /** Bytes in the file, which recovery compares with what it finds to be sound. */
  long fileBytes() throws IOException {
    return file().size();
  }

  /** Writes the batches with one call; if that fails, the file is as long as before. */
  void append(List<RecordBatch> batches) throws IOException {
    ByteBuffer[] buffers = new ByteBuffer[batches.size()];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = batches.get(i).bytes();
    }
    StorageFile target = file();
    try {
      target.append(buffers);
    } catch (IOException e) {
      target.truncate(sizeBytes);
      throw e;
    }
    for (int i = 0; i < buffers.length; i++) {
      indexed(batches.get(i));
    }
  }

  /** Takes a batch that is in the file behind the last one into the index. */
  void indexed(RecordBatch batch) {
    int position = sizeBytes;
    index.add((int) (batch.baseOffset() - baseOffset), position, maxTimestampMs);
    maxTimestampMs = Math.max(maxTimestampMs, batch.maxTimestampMs());
    sizeBytes = position + batch.sizeInBytes();
  }

  /** Marks what was written as not durable; true if it was not so marked already. */
  boolean markDirty() {
    return dirty.compareAndSet(false, true);
  }

  /** Makes everything written so far durable. */
  void sync() throws IOException {
    if (!dirty.getAndSet(false)) {
      return;
    }
    try {
      file().force(false);
    } catch (ClosedChannelException e) {
      if (!isRetired()) {
        throw e;
      }
    }
  }

  /** Fills the buffer from the position on; fewer bytes only at the end of the file. */
  int read(ByteBuffer into, int position) throws IOException {
    return file().read(into, position);
  }

  /**
   * Whole batches from the one that holds the offset on.
   *
   * @param maxBytes more only if the first batch alone is larger
   * @param upTo no batch that reaches beyond it
   */
  LogSlice read(long offset, int maxBytes, long upTo) throws IOException {
    int position = position(offset);
    int available = sizeBytes - position;
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(available, maxBytes));
    read(chunk, position);
    chunk.flip();
    int end = 0;
    long nextOffset = offset;
    while (end + RecordBatch.HEADER_BYTES <= chunk.limit()) {
      int size = BatchHeaders.sizeBytes(chunk, end);
      long next = BatchHeaders.nextOffset(chunk, end);
      if (!BatchHeaders.plausible(size) || next > upTo || size > chunk.limit() - end) {
        break;
      }
      end += size;
      nextOffset = next;
    }
    return end > 0
        ? new LogSlice(
            List.of(chunk.limit(end)), end, BatchHeaders.baseOffset(chunk, 0), nextOffset)
        : readOne(offset, position, upTo);
  }

  private LogSlice readOne(long offset, int position, long upTo) throws IOException {
    ByteBuffer header = header(position);
    if (header.remaining() < RecordBatch.HEADER_BYTES
        || BatchHeaders.nextOffset(header, 0) > upTo) {
      return LogSlice.empty(offset);
    }
    int size = BatchHeaders.sizeBytes(header, 0);
    if (!BatchHeaders.plausible(size) || size > sizeBytes - position) {
      throw new CorruptLogException(
          "expected a batch at position "
              + position
              + " of "
              + path
              + ", but its length is "
              + size);
    }
    ByteBuffer batch = ByteBuffer.allocate(size);
    read(batch, position);
    return new LogSlice(
        List.of(batch.flip()),
        size,
        BatchHeaders.baseOffset(header, 0),
        BatchHeaders.nextOffset(header, 0));
  }

  /** Where the batch that holds the offset begins, or the end of the segment. */
  int position(long offset) throws IOException {
    int position = index.floorPosition((int) (offset - baseOffset));
    return walk(position, (buffer, at) -> BatchHeaders.nextOffset(buffer, at) > offset);
  }

  /** The first batch at or after the time; null if there is none below the bound. */
  @Nullable TimestampOffset find(long timestampMs, long upTo) throws IOException {
    int position =
        walk(
            index.floorPositionByTime(timestampMs),
            (buffer, at) -> BatchHeaders.maxTimestampMs(buffer, at) >= timestampMs);
    ByteBuffer header = header(position);
    if (header.remaining() < RecordBatch.HEADER_BYTES
        || BatchHeaders.nextOffset(header, 0) > upTo) {
      return null;
    }
    return new TimestampOffset(
        BatchHeaders.maxTimestampMs(header, 0),
        BatchHeaders.baseOffset(header, 0),
        BatchHeaders.leaderEpoch(header, 0));
  }

  /** Cuts the file before the batch that holds the offset, durably. */
  void truncate(long offset) throws IOException {
    int position = position(offset);
    if (position < sizeBytes) {
      cut(position);
    }
  }

  /**
   * Cuts the file at the position, durably: were the cut lost and the batch behind it as well, but
   * not the next one, then old and new batches could line up into a log that looks whole.
   */
  void cut(int position) throws IOException {
    StorageFile target = file();
    target.truncate(position);
    index.truncate(position);
    sizeBytes = position;
    target.force(true);
  }

  /** Closes the file for good. */
  synchronized void retire() throws IOException {
    retired = true;
    StorageFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  private interface HeaderTest {
    boolean test(ByteBuffer buffer, int at);
  }

  /** The position of the first batch that passes, from one that begins at the position on. */
  private int walk(int from, HeaderTest test) throws IOException {
    int position = from;
    int end = sizeBytes;
    while (position < end) {
      ByteBuffer chunk = ByteBuffer.allocate(Math.min(readAheadBytes, end - position));
      read(chunk, position);
      chunk.flip();
      int at = 0;
      while (at + RecordBatch.HEADER_BYTES <= chunk.limit()) {
        if (test.test(chunk, at)) {
          return position + at;
        }
        int size = BatchHeaders.sizeBytes(chunk, at);
        if (!BatchHeaders.plausible(size)) {
          throw new CorruptLogException(
              "expected a batch at position "
                  + (position + at)
                  + " of "
                  + path
                  + ", but its"
                  + " length is "
                  + size);
        }
        at += size;
      }
      if (at == 0) {
        break;
      }
      position += at;
    }
    return end;
  }

  private ByteBuffer header(int position) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
    read(header, position);
    return header.flip();
  }

  private synchronized StorageFile file() throws IOException {
    if (retired) {
      throw new ClosedChannelException();
    }
    if (file == null) {
      file = storage.open(path);
    }
    return file;
  }

  private synchronized boolean isRetired() {
    return retired;
  }
}
