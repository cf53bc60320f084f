// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log: record batches, one after the other. The file and the index are there only
 * while they are used. Threads as in {@link PartitionLog}.
 */
final class LogSegment {
  private static final int SCAN_BYTES = 1 << 20;
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final OpenFiles files;
  private final Path path;
  private final long baseOffset;
  private final int generation;
  private final int indexIntervalBytes;
  private final IndexFile indexFile;
  private volatile int sizeBytes;
  private volatile long maxTimestampMs = -1;
  private long firstTimestampMs = UNKNOWN;

  /** Checksum of the first batch; 0 if there is none. */
  private volatile int firstCrc;

  /** Whether it is only believed that the file begins with that batch. */
  private volatile boolean unverified;

  private volatile boolean retired;
  private volatile boolean compacted;

  /** Covers at least what was appended since it is there; guarded by this. */
  private @Nullable OffsetIndex index;

  /** Bytes that the index file covers, as far as is known; guarded by this. */
  private int indexedOnDiskBytes;

  /** A segment that compaction has written anew so many times; there need not be a file yet. */
  LogSegment(
      OpenFiles files, Path directory, long baseOffset, int generation, int indexIntervalBytes) {
    this.files = files;
    this.path = directory.resolve(SegmentNames.file(baseOffset, generation));
    this.baseOffset = baseOffset;
    this.generation = generation;
    this.indexIntervalBytes = indexIntervalBytes;
    indexFile = IndexFile.of(this, files.storage(), indexIntervalBytes);
  }

  int generation() {
    return generation;
  }

  /** Whether compaction has seen all of it, as long as nothing comes to it. */
  boolean isCompacted() {
    return compacted;
  }

  void compacted(boolean isSo) {
    compacted = isSo;
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

  boolean isRetired() {
    return retired;
  }

  /** Checksum of the first batch; 0 if there is none. */
  int firstCrc() {
    return firstCrc;
  }

  /** Says what the file holds, after a start. That it begins so is checked at its first use. */
  void restore(int bytes, long timestampMs, int crcOfFirst) {
    sizeBytes = bytes;
    maxTimestampMs = timestampMs;
    firstCrc = bytes > 0 ? crcOfFirst : 0;
    unverified = firstCrc != 0;
  }

  private <T> T use(OpenFiles.Use<T> action) throws IOException {
    return files.use(
        this,
        file -> {
          if (unverified) {
            verify(file);
          }
          return action.apply(file);
        });
  }

  /** Batches do not say whose they are: the file of another log would pass for this one's. */
  private void verify(StorageFile file) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
    file.read(first, 0);
    if (first.hasRemaining() || BatchHeaders.crc(first, 0) != firstCrc) {
      throw corrupt(0, "it does not begin with the batch that was written there first");
    }
    unverified = false;
  }

  /** Bytes in the file, which may be more than are known to be sound. */
  long fileBytes() throws IOException {
    return use(file -> file.size());
  }

  // ---- writing

  /**
   * Writes whole batches at the end. If that fails, the segment ends where it did: what lies behind
   * in the file is written over by the next attempt.
   *
   * @param slab what is written with one call; its content does not matter
   */
  void append(List<ByteBuffer> batches, ByteBuffer slab) throws IOException {
    use(
        file -> {
          SlabWriter.write(file, sizeBytes, batches, slab);
          return null;
        });
    for (ByteBuffer batch : batches) {
      indexed(batch, batch.position());
    }
  }

  /** Takes a batch that is in the file behind the last one into the index. */
  synchronized void indexed(ByteBuffer batches, int at) {
    OffsetIndex known = index;
    if (known == null) {
      known = new OffsetIndex(indexIntervalBytes);
      index = known;
    }
    int position = sizeBytes;
    if (position == 0) {
      firstCrc = BatchHeaders.crc(batches, at);
      firstTimestampMs = BatchHeaders.maxTimestampMs(batches, at);
    }
    known.add((int) (BatchHeaders.baseOffset(batches, at) - baseOffset), position, maxTimestampMs);
    maxTimestampMs = Math.max(maxTimestampMs, BatchHeaders.maxTimestampMs(batches, at));
    sizeBytes = position + BatchHeaders.sizeBytes(batches, at);
    compacted = false;
  }

  /** The largest timestamp in the first batch; below zero if there is none. Blocks. */
  synchronized long firstTimestampMs() throws IOException {
    if (firstTimestampMs == UNKNOWN && sizeBytes > 0) {
      firstTimestampMs = BatchHeaders.maxTimestampMs(header(0), 0);
    }
    return sizeBytes > 0 ? firstTimestampMs : -1;
  }

  /** Makes everything written so far durable. */
  void sync() throws IOException {
    use(
        file -> {
          file.force(false);
          return null;
        });
  }

  /** Cuts the file at the position, where a batch begins. */
  void cut(int position) throws IOException {
    use(
        file -> {
          file.truncate(position);
          return null;
        });
    synchronized (this) {
      if (index != null) {
        index.truncate(position);
      }
      if (position < indexedOnDiskBytes || indexedOnDiskBytes == 0) {
        indexedOnDiskBytes = 0;
        indexFile.delete();
      }
      sizeBytes = position;
      compacted = false;
    }
  }

  /** Nobody opens the file any more. */
  void retire() {
    retired = true;
    files.drop(this);
  }

  /** Removes the files of a retired segment. */
  void delete() throws IOException {
    files.storage().delete(path);
    indexFile.delete();
  }

  // ---- the index

  /** Writes the index beside the segment, if it is known in full. */
  void storeIndex() throws IOException {
    ByteBuffer content;
    int covered;
    synchronized (this) {
      covered = sizeBytes;
      if (index == null || !index.complete() || indexedOnDiskBytes == covered) {
        return;
      }
      content = index.encode(baseOffset, covered, maxTimestampMs);
      indexedOnDiskBytes = covered;
    }
    indexFile.write(content);
  }

  /** Bytes appended since the index was last stored. */
  synchronized int unstoredIndexBytes() {
    return sizeBytes - indexedOnDiskBytes;
  }

  /** Lets go of the index; it is read or built again when it is needed. */
  synchronized void forgetIndex() {
    index = null;
  }

  /** The index of the whole segment. */
  private OffsetIndex wholeIndex() throws IOException {
    synchronized (this) {
      if (index != null && index.complete()) {
        return index;
      }
    }
    int size = sizeBytes;
    OffsetIndex.Stored stored = indexFile.read();
    OffsetIndex whole = null;
    if (stored != null && stored.coveredBytes() <= size) {
      try {
        whole = indexed(stored.index(), stored.coveredBytes(), stored.maxTimestampMs(), size);
      } catch (CorruptLogException e) {
        // It ends within a batch: of another content of the segment, from before a loss of power.
        dropStoredIndex();
      }
    }
    if (whole == null) {
      whole = indexed(new OffsetIndex(indexIntervalBytes), 0, -1, size);
    }
    synchronized (this) {
      if (sizeBytes < size) {
        // Cut meanwhile: the reader will find out and try again.
        return whole;
      }
      if (index != null && sizeBytes > size) {
        index.truncateBelow(size);
        whole.addAll(index);
      }
      if (index != null || sizeBytes == size) {
        index = whole;
      }
      return whole;
    }
  }

  private OffsetIndex indexed(OffsetIndex whole, int from, long maxTimestampMs, int to)
      throws IOException {
    long[] timestampMs = {maxTimestampMs};
    walk(
        from,
        to,
        (buffer, at, position) -> {
          whole.add(
              (int) (BatchHeaders.baseOffset(buffer, at) - baseOffset), position, timestampMs[0]);
          timestampMs[0] = Math.max(timestampMs[0], BatchHeaders.maxTimestampMs(buffer, at));
          return false;
        });
    return whole;
  }

  private void dropStoredIndex() throws IOException {
    synchronized (this) {
      index = null;
      indexedOnDiskBytes = 0;
    }
    indexFile.delete();
  }

  // ---- reading

  /** Fills the buffer from the position on; fewer bytes only at the end of the file. */
  int read(ByteBuffer into, int position) throws IOException {
    return use(file -> file.read(into, position));
  }

  /**
   * Whole batches from the one that holds the offset on; nothing of them is checked.
   *
   * @param maxBytes more only if the first batch alone is larger
   * @param upTo no batch that reaches beyond it
   */
  LogSlice read(long offset, int maxBytes, long upTo) throws IOException {
    int position = position(offset);
    int available = sizeBytes - position;
    if (available <= 0) {
      return LogSlice.empty(offset);
    }
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
      throw corrupt(position, "its length is " + size);
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
    int delta = (int) (offset - baseOffset);
    OffsetIndex.Place place = floorPlace(delta);
    int found =
        walkFrom(place, (buffer, at, position) -> BatchHeaders.nextOffset(buffer, at) > offset);
    return found;
  }

  /**
   * Where the batch before the offset ends. Nothing behind it is looked at, as it may be anything.
   *
   * @throws CorruptLogException if no batch ends there
   */
  int endPosition(long offset) throws IOException {
    if (offset == baseOffset) {
      return 0;
    }
    int position = positionWithoutIndex(offset - 1);
    ByteBuffer header = header(position);
    if (header.remaining() < RecordBatch.HEADER_BYTES
        || BatchHeaders.nextOffset(header, 0) != offset) {
      throw corrupt(position, "none ends at offset " + offset);
    }
    return position + BatchHeaders.sizeBytes(header, 0);
  }

  /** As {@link #position}; no index is built, which would look at everything. */
  private int positionWithoutIndex(long offset) throws IOException {
    HeaderVisitor holds = (buffer, at, position) -> BatchHeaders.nextOffset(buffer, at) > offset;
    OffsetIndex.Stored stored = indexFile.read();
    OffsetIndex.Place place =
        stored == null ? null : stored.index().floor((int) (offset - baseOffset));
    if (place != null) {
      try {
        return walkFrom(place, holds);
      } catch (CorruptLogException e) {
        // Of another content of the segment; it is gone now.
        return walk(0, sizeBytes, holds);
      }
    }
    return walk(0, sizeBytes, holds);
  }

  private OffsetIndex.Place floorPlace(int delta) throws IOException {
    OffsetIndex.Place place = null;
    synchronized (this) {
      if (index != null) {
        place = index.floor(delta);
      }
    }
    if (place == null && sizeBytes > indexIntervalBytes) {
      place = wholeIndex().floor(delta);
    }
    return place == null ? new OffsetIndex.Place(0, 0) : place;
  }

  /** The first batch at or after the time; null if there is none below the bound. */
  @Nullable TimestampOffset find(long timestampMs, long upTo) throws IOException {
    OffsetIndex.Place place = wholeIndex().floorByTime(timestampMs);
    int position =
        walkFrom(
            place == null ? new OffsetIndex.Place(0, 0) : place,
            (buffer, at, where) -> BatchHeaders.isFoundAt(buffer, at, timestampMs));
    ByteBuffer header = header(position);
    if (position >= sizeBytes
        || header.remaining() < RecordBatch.HEADER_BYTES
        || BatchHeaders.nextOffset(header, 0) > upTo) {
      return null;
    }
    return new TimestampOffset(
        BatchHeaders.maxTimestampMs(header, 0),
        BatchHeaders.baseOffset(header, 0),
        BatchHeaders.leaderEpoch(header, 0));
  }

  /** Sees each batch's header; stops at true. */
  interface HeaderVisitor {
    boolean visit(ByteBuffer buffer, int at, int position);
  }

  /** From a place in the index, of which it is checked that it is one. */
  private int walkFrom(OffsetIndex.Place place, HeaderVisitor visitor) throws IOException {
    int start = place.position();
    return walk(
        start,
        sizeBytes,
        (buffer, at, position) -> {
          if (position == start
              && BatchHeaders.baseOffset(buffer, at) != baseOffset + place.offsetDelta()) {
            throw new WrongPlaceException();
          }
          return visitor.visit(buffer, at, position);
        });
  }

  /** An index that does not fit its segment; where it comes from, offsets fail their checks too. */
  private static final class WrongPlaceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongPlaceException() {
      super("expected a batch where the index says, but there is none", null, false, false);
    }
  }

  /** The position of the first batch that the visitor stops at, or the end. */
  int walk(int from, int end, HeaderVisitor visitor) throws IOException {
    try {
      return walkHeaders(from, end, visitor);
    } catch (WrongPlaceException e) {
      dropStoredIndex();
      throw corrupt(from, String.valueOf(e.getMessage()));
    }
  }

  private int walkHeaders(int from, int end, HeaderVisitor visitor) throws IOException {
    int position = from;
    int wanted = Math.max(indexIntervalBytes, RecordBatch.HEADER_BYTES);
    while (position < end) {
      ByteBuffer chunk = ByteBuffer.allocate(Math.min(wanted, end - position));
      read(chunk, position);
      chunk.flip();
      int at = 0;
      while (at + RecordBatch.HEADER_BYTES <= chunk.limit()) {
        if (visitor.visit(chunk, at, position + at)) {
          return position + at;
        }
        int size = BatchHeaders.sizeBytes(chunk, at);
        if (!BatchHeaders.plausible(size) || size > end - position - at) {
          throw corrupt(position + at, "its length is " + size);
        }
        at += size;
      }
      if (at == 0) {
        throw corrupt(position, "the file ends there");
      }
      position += at;
      wanted = Math.min(SCAN_BYTES, wanted * 2);
    }
    return end;
  }

  private ByteBuffer header(int position) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
    read(header, position);
    return header.flip();
  }

  private CorruptLogException corrupt(int position, String but) {
    return new CorruptLogException(
        "expected a batch at position " + position + " of " + path + ", but " + but);
  }
}
