// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.replication.compaction.ClosedSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The closed segments of a log as compaction reads and replaces them. A compacted segment is
 * written beside those that it stands for, and synced; then it takes their place in memory, so that
 * the next checkpoint names it; and when that is committed, their files are removed. Whenever the
 * process dies or the power goes, one checkpoint is the last, and all files that it names are
 * there; what it does not name recovery removes.
 *
 * <p>Used by one thread at a time, but for {@link #removeSuperseded}; blocks.
 */
public final class LogCompaction {
  private static final Logger logger = LoggerFactory.getLogger(LogCompaction.class);

  private final LogFiles files;
  private final ReentrantLock fileLock;
  private final Supplier<LogEnd> end;
  private final BooleanSupplier discarded;
  private volatile long compactedTo;

  LogCompaction(
      LogFiles files, ReentrantLock fileLock, Supplier<LogEnd> end, BooleanSupplier discarded) {
    this.files = files;
    this.fileLock = fileLock;
    this.end = end;
    this.discarded = discarded;
  }

  /** The segments that get no more batches, oldest first. Any thread. */
  public List<ClosedSegment> closed() throws IOException {
    List<ClosedSegment> closed = new ArrayList<>();
    for (LogSegment each : files.closed()) {
      closed.add(
          new ClosedSegment(
              each.baseOffset(),
              files.endOf(each),
              each.sizeBytes(),
              each.isCompacted() ? -1 : each.firstTimestampMs(),
              each.maxTimestampMs(),
              each.isCompacted()));
    }
    return closed;
  }

  /** Records below it were compacted by this process, though perhaps not a whole segment. */
  public long compactedTo() {
    return compactedTo;
  }

  /** A pass has come to its end, there. */
  public void compactedTo(long offset) {
    compactedTo = offset;
  }

  /** Rises with each truncation: what was read before it may not be what is there. */
  public int generation() {
    return end.get().generation();
  }

  /**
   * Shows the batches of a segment one after the other, checked; the memory is used again after
   * each run of them.
   *
   * @param chunk what is read at once; a larger batch gets memory of its own
   * @param visitor returns false when it wants no more
   * @param paced told of bytes before they are read
   * @return false if the visitor wanted no more
   * @throws CorruptLogException if they are not what was written
   * @throws ClosedChannelException if the segment is gone meanwhile
   */
  public boolean read(
      ClosedSegment segment, ByteBuffer chunk, Predicate<RecordBatch> visitor, Pace paced)
      throws IOException {
    LogSegment source = find(segment);
    long expected = segment.baseOffset();
    ByteBuffer memory = chunk;
    int position = 0;
    while (position < segment.sizeBytes()) {
      memory.clear().limit(Math.min(memory.capacity(), segment.sizeBytes() - position));
      paced.before(memory.remaining());
      source.read(memory, position);
      memory.flip();
      int began = position;
      while (isWhole(memory)) {
        RecordBatch batch = check(source, memory, position, expected);
        if (!visitor.test(batch)) {
          return false;
        }
        expected = batch.nextOffset();
        position += batch.sizeInBytes();
        memory.position(memory.position() + batch.sizeInBytes());
      }
      if (position == began) {
        memory = ByteBuffer.allocate(neededBytes(source, memory, position, segment.sizeBytes()));
      }
    }
    if (expected != segment.endOffset()) {
      throw new CorruptLogException(
          "expected " + source.path() + " to end at " + segment.endOffset() + ", not " + expected);
    }
    return true;
  }

  /** Waits as long as it takes to keep within a rate. */
  @FunctionalInterface
  public interface Pace {
    /** Called before so much is read or written. */
    void before(int bytes) throws IOException;
  }

  private LogSegment find(ClosedSegment segment) throws ClosedChannelException {
    LogSegment found = files.holding(segment.baseOffset());
    if (found == null
        || found.baseOffset() != segment.baseOffset()
        || found.sizeBytes() != segment.sizeBytes()) {
      throw new ClosedChannelException();
    }
    return found;
  }

  private static boolean isWhole(ByteBuffer memory) {
    if (memory.remaining() < RecordBatch.HEADER_BYTES) {
      return false;
    }
    int size = BatchHeaders.sizeBytes(memory, memory.position());
    return !BatchHeaders.plausible(size) || size <= memory.remaining();
  }

  private static int neededBytes(LogSegment source, ByteBuffer memory, int position, int end)
      throws CorruptLogException {
    int size =
        memory.remaining() < RecordBatch.HEADER_BYTES
            ? Integer.MAX_VALUE
            : BatchHeaders.sizeBytes(memory, memory.position());
    if (size > end - position) {
      throw new CorruptLogException(
          "expected a whole batch at position " + position + " of " + source.path());
    }
    return size;
  }

  private static RecordBatch check(
      LogSegment source, ByteBuffer memory, int position, long expected)
      throws CorruptLogException {
    try {
      RecordBatch batch = RecordBatch.at(memory);
      batch.validate();
      if (batch.baseOffset() == expected) {
        return batch;
      }
      throw new CorruptLogException(
          "expected offset "
              + expected
              + " at position "
              + position
              + " of "
              + source.path()
              + ", but found "
              + batch);
    } catch (JangadaException e) {
      throw new CorruptLogException(
          "position " + position + " of " + source.path() + ": " + e.getMessage());
    }
  }

  /**
   * Begins to write what is going to stand for segments that follow each other.
   *
   * @param generation as {@link #generation} was before they were read
   * @param slab memory to write from
   */
  public Rewrite rewrite(List<ClosedSegment> segments, int generation, ByteBuffer slab, Pace paced)
      throws IOException {
    List<LogSegment> sources = new ArrayList<>();
    for (ClosedSegment each : segments) {
      sources.add(find(each));
    }
    return new Rewrite(sources, segments.getLast().endOffset(), generation, slab, paced);
  }

  /** A compacted segment that is being written. Used by one thread; blocks. */
  public final class Rewrite implements AutoCloseable {
    private static final int SYNC_BYTES = 16 << 20;

    private final List<LogSegment> sources;
    private final LogSegment fresh;
    private final long endOffset;
    private final int generation;
    private final ByteBuffer slab;
    private final Pace paced;
    private final ByteBuffer waiting;
    private List<ByteBuffer> batches = new ArrayList<>();
    private int unsynced;
    private boolean kept;

    private Rewrite(
        List<LogSegment> sources, long endOffset, int generation, ByteBuffer slab, Pace paced)
        throws IOException {
      this.sources = sources;
      this.endOffset = endOffset;
      this.generation = generation;
      this.slab = slab;
      this.paced = paced;
      this.waiting = ByteBuffer.allocate(slab.capacity());
      fresh = files.successorOf(sources);
      fresh.delete();
    }

    /** Adds a batch; its memory may be used again after this. */
    public void add(RecordBatch batch) throws IOException {
      ByteBuffer bytes = batch.bytes();
      if (bytes.remaining() > waiting.remaining()) {
        write();
      }
      if (bytes.remaining() > waiting.remaining()) {
        batches.add(bytes);
        write();
        return;
      }
      int at = waiting.position();
      waiting.put(bytes);
      batches.add(waiting.slice(at, waiting.position() - at));
    }

    private void write() throws IOException {
      if (batches.isEmpty()) {
        return;
      }
      int before = fresh.sizeBytes();
      int bytes = batches.stream().mapToInt(ByteBuffer::remaining).sum();
      paced.before(bytes);
      fresh.append(batches, slab);
      batches = new ArrayList<>();
      waiting.clear();
      unsynced += fresh.sizeBytes() - before;
      if (unsynced >= SYNC_BYTES) {
        // In pieces, so that no sync of others waits behind a long one.
        unsynced = 0;
        fresh.sync();
      }
    }

    /**
     * Puts it into the place of the others, durably but for the checkpoint to come.
     *
     * @param compacted whether compaction has seen all of it
     * @return false if the log has changed meanwhile: then it was for nothing
     */
    public boolean finish(boolean compacted) throws IOException {
      write();
      fresh.sync();
      fresh.storeIndex();
      fresh.compacted(compacted);
      fileLock.lock();
      try {
        kept =
            !discarded.getAsBoolean()
                && generation() == generation
                && files.endOf(sources.getLast()) == endOffset
                && files.replace(sources, fresh);
        return kept;
      } finally {
        fileLock.unlock();
      }
    }

    /** Nothing had to change: the segments stay as they are. */
    public void unchanged(boolean compacted) {
      fileLock.lock();
      try {
        for (LogSegment each : sources) {
          each.compacted(compacted && !each.isRetired() && generation() == generation);
        }
      } finally {
        fileLock.unlock();
      }
    }

    private int generation() {
      return LogCompaction.this.generation();
    }

    /** Removes what was written, if it has not taken its place. */
    @Override
    public void close() throws IOException {
      if (!kept) {
        fresh.retire();
        fresh.delete();
      }
    }
  }

  /** A checkpoint is committed. By the thread that writes segments. */
  void removeSuperseded(ReachedState state) {
    if (!files.hasSuperseded()) {
      return;
    }
    fileLock.lock();
    try {
      if (!discarded.getAsBoolean()) {
        files.removeSuperseded(state.replacements());
      }
    } catch (IOException e) {
      // They are tried again with the next checkpoint, or removed by the next start.
      logger.warn("{}: could not remove segments that were compacted", files.directory(), e);
    } finally {
      fileLock.unlock();
    }
  }
}
