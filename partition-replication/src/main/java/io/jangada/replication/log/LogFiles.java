// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one log. One thread at a time changes them; any thread reads. The directory is
 * created with the first segment.
 */
final class LogFiles {
  /** The index is stored each time that so much has come. */
  private static final int STORE_INDEX_BYTES = 64 << 20;

  private final OpenFiles files;
  private final Path directory;
  private final int indexIntervalBytes;
  private final ConcurrentSkipListMap<Long, LogSegment> segments = new ConcurrentSkipListMap<>();

  /** Written to since the last sync; null if none, as in most logs at most times. */
  private @Nullable Set<LogSegment> dirty;

  /** Replaced by compacted ones, in the order in which that was done. */
  private final Queue<Superseded> superseded = new ConcurrentLinkedQueue<>();

  private volatile long replacements;
  private boolean directoryDirty;
  private boolean parentDirty;
  private boolean created;
  private volatile long end;

  /** Where the last batch begins; {@link LogCheckpoint#NO_POSITION} if that is not known. */
  private int lastBatchPosition = LogCheckpoint.NO_POSITION;

  /** Its files are needed until a checkpoint with that many replacements is committed. */
  private record Superseded(LogSegment segment, long replacements) {}

  LogFiles(OpenFiles files, Path directory, int indexIntervalBytes, long end) {
    this.files = files;
    this.directory = directory;
    this.indexIntervalBytes = indexIntervalBytes;
    this.end = end;
  }

  Path directory() {
    return directory;
  }

  /** The offset after the last batch in the files. */
  long end() {
    return end;
  }

  /** Takes segments that a start has found. */
  void restore(Collection<LogSegment> found, long endOffset) {
    for (LogSegment segment : found) {
      segments.put(segment.baseOffset(), segment);
    }
    created = true;
    end = endOffset;
  }

  /** The segment that holds the offset. */
  @Nullable LogSegment holding(long offset) {
    Map.Entry<Long, LogSegment> at = segments.floorEntry(offset);
    return at == null ? null : at.getValue();
  }

  Collection<LogSegment> all() {
    return segments.values();
  }

  long sizeBytes() {
    long size = 0;
    for (LogSegment segment : segments.values()) {
      size += segment.sizeBytes();
    }
    return size;
  }

  /**
   * Writes batches, each in a buffer of its own, at the end. After a failure {@link #end} says how
   * many are there.
   */
  void append(List<ByteBuffer> batches, ByteBuffer slab, SegmentLimits limits) throws IOException {
    int from = 0;
    while (from < batches.size()) {
      LogSegment segment = segmentFor(batches.get(from), limits);
      long room = Math.max(0L, limits.bytes() - (long) segment.sizeBytes());
      long run = batches.get(from).remaining();
      int to = from + 1;
      while (to < batches.size()
          && run + batches.get(to).remaining() <= Math.min(room, slab.capacity())) {
        run += batches.get(to).remaining();
        to++;
      }
      touched(segment);
      segment.append(batches.subList(from, to), slab);
      ByteBuffer last = batches.get(to - 1);
      lastBatchPosition = segment.sizeBytes() - last.remaining();
      end = BatchHeaders.nextOffset(last, last.position());
      if (segment.unstoredIndexBytes() >= STORE_INDEX_BYTES) {
        segment.storeIndex();
      }
      from = to;
    }
  }

  private LogSegment segmentFor(ByteBuffer batch, SegmentLimits limits) throws IOException {
    Map.Entry<Long, LogSegment> last = segments.lastEntry();
    if (last != null) {
      LogSegment segment = last.getValue();
      int size = segment.sizeBytes();
      boolean fits = (long) size + batch.remaining() <= limits.bytes();
      if (size == 0 || (fits && !tooOld(segment, batch, limits.ageMs()))) {
        return segment;
      }
      segment.storeIndex();
    }
    Storage storage = files.storage();
    if (!created) {
      parentDirty = !storage.exists(directory);
      storage.createDirectories(directory);
      created = true;
    }
    long baseOffset = BatchHeaders.baseOffset(batch, batch.position());
    LogSegment fresh = new LogSegment(files, directory, baseOffset, 0, indexIntervalBytes);
    fresh.delete();
    segments.put(baseOffset, fresh);
    directoryDirty = true;
    return fresh;
  }

  /** By the records' own time, as retention is. */
  private static boolean tooOld(LogSegment segment, ByteBuffer batch, long ageMs)
      throws IOException {
    long first = segment.firstTimestampMs();
    return first >= 0 && BatchHeaders.maxTimestampMs(batch, batch.position()) - first > ageMs;
  }

  /** The segments as retention sees them. Any thread. */
  List<Retention.Segment> retained() {
    List<Retention.Segment> retained = new ArrayList<>();
    long endOffset = end;
    List<LogSegment> newestFirst = new ArrayList<>(segments.descendingMap().values());
    for (LogSegment segment : newestFirst) {
      retained.addFirst(
          new Retention.Segment(endOffset, segment.sizeBytes(), segment.maxTimestampMs()));
      endOffset = segment.baseOffset();
    }
    return retained;
  }

  private void touched(LogSegment segment) {
    if (dirty == null) {
      dirty = new LinkedHashSet<>();
    }
    dirty.add(segment);
  }

  /** Removes everything from the offset on, where a batch begins. */
  void truncate(long toOffset) throws IOException {
    if (toOffset >= end) {
      return;
    }
    // The last one first: if the process dies meanwhile, there is no gap.
    for (LogSegment segment : segments.tailMap(toOffset, true).descendingMap().values()) {
      remove(segment);
    }
    LogSegment last = holding(toOffset);
    if (last != null) {
      int position = last.position(toOffset);
      checkBatchBegins(last, position, toOffset);
      if (position < last.sizeBytes()) {
        touched(last);
        last.cut(position);
      }
    }
    lastBatchPosition = LogCheckpoint.NO_POSITION;
    end = toOffset;
  }

  /**
   * Truncations end where a batch begins that every replica has; but compaction may have left one
   * batch for many, and then what is to stay cannot be told from what is to go.
   */
  private static void checkBatchBegins(LogSegment segment, int position, long offset)
      throws IOException {
    ByteBuffer found = ByteBuffer.allocate(Long.BYTES);
    if (position < segment.sizeBytes()
        && (segment.read(found, position) < Long.BYTES || found.getLong(0) != offset)) {
      throw new CorruptLogException(
          "expected a batch that begins at offset "
              + offset
              + ", where the log is to be cut, at position "
              + position
              + " of "
              + segment.path());
    }
  }

  /** Removes everything; the next batch comes at the offset. */
  void reset(long toOffset) throws IOException {
    for (LogSegment segment : segments.values()) {
      remove(segment);
    }
    lastBatchPosition = LogCheckpoint.NO_POSITION;
    end = toOffset;
  }

  /** Removes files that hold nothing at or above the offset. */
  void removeBelow(long offset) throws IOException {
    for (LogSegment segment : segments.values()) {
      Map.Entry<Long, LogSegment> next = segments.higherEntry(segment.baseOffset());
      long segmentEnd = next == null ? end : next.getKey();
      if (segmentEnd > offset) {
        break;
      }
      remove(segment);
    }
  }

  // ---- compaction

  /** The segments that get no more batches, oldest first. Any thread. */
  List<LogSegment> closed() {
    List<LogSegment> closed = new ArrayList<>(segments.values());
    if (!closed.isEmpty()) {
      closed.removeLast();
    }
    return closed;
  }

  /** Where the segment ends: where the next one begins. Any thread. */
  long endOf(LogSegment segment) {
    Map.Entry<Long, LogSegment> next = segments.higherEntry(segment.baseOffset());
    return next == null ? end : next.getKey();
  }

  /** A segment to be written in the place of some that follow each other. */
  LogSegment successorOf(List<LogSegment> sources) {
    int generation = 0;
    for (LogSegment each : sources) {
      generation = Math.max(generation, each.generation());
    }
    return new LogSegment(
        files, directory, sources.getFirst().baseOffset(), generation + 1, indexIntervalBytes);
  }

  /**
   * Puts a segment that is synced into the place of those that it was made of. Their files stay
   * until a checkpoint says that they are not needed.
   *
   * @return false if those are not there any more
   */
  boolean replace(List<LogSegment> sources, LogSegment fresh) {
    for (LogSegment each : sources) {
      if (each.isRetired() || segments.get(each.baseOffset()) != each) {
        return false;
      }
    }
    long number = replacements + 1;
    // First the one that has it all, so that readers find each offset at any time.
    segments.put(fresh.baseOffset(), fresh);
    for (LogSegment each : sources) {
      if (each.baseOffset() != fresh.baseOffset()) {
        segments.remove(each.baseOffset());
      }
      if (dirty != null) {
        dirty.remove(each);
      }
      each.retire();
      superseded.add(new Superseded(each, number));
    }
    directoryDirty = true;
    replacements = number;
    return true;
  }

  /** How often segments were replaced. */
  long replacements() {
    return replacements;
  }

  /** Whether files wait for a checkpoint to be removed. Any thread. */
  boolean hasSuperseded() {
    return !superseded.isEmpty();
  }

  /** A checkpoint with so many replacements is committed. */
  void removeSuperseded(long upTo) throws IOException {
    for (Superseded next = superseded.peek();
        next != null && next.replacements() <= upTo;
        next = superseded.peek()) {
      LogSegment segment = next.segment();
      LogSegment there = segments.get(segment.baseOffset());
      // After a truncation another segment may have got that name.
      if (there == null || there.generation() != segment.generation()) {
        segment.delete();
        directoryDirty = true;
      }
      superseded.poll();
    }
  }

  private void remove(LogSegment segment) throws IOException {
    segments.remove(segment.baseOffset());
    if (dirty != null) {
      dirty.remove(segment);
    }
    segment.retire();
    segment.delete();
    directoryDirty = true;
  }

  /** Makes durable what was done before. */
  void sync() throws IOException {
    if (dirty != null) {
      for (LogSegment segment : dirty) {
        segment.sync();
      }
      dirty = null;
    }
    if (directoryDirty) {
      files.storage().syncDirectory(directory);
      directoryDirty = false;
    }
    Path parent = directory.getParent();
    if (parentDirty && parent != null) {
      files.storage().syncDirectory(parent);
      parentDirty = false;
    }
  }

  /** Closes the files for good. */
  void retire() {
    segments.values().forEach(LogSegment::retire);
    dirty = null;
  }

  /** Where the last batch of the last segment begins. */
  int lastBatchPosition() throws IOException {
    Map.Entry<Long, LogSegment> last = segments.lastEntry();
    if (last == null || last.getValue().sizeBytes() == 0) {
      return LogCheckpoint.NO_POSITION;
    }
    if (lastBatchPosition == LogCheckpoint.NO_POSITION) {
      lastBatchPosition = last.getValue().position(end - 1);
    }
    return lastBatchPosition;
  }

  /** The segments as they are once everything from the offset on is cut away. */
  List<LogCheckpoint.Segment> statesUpTo(long offset) throws IOException {
    List<LogCheckpoint.Segment> states = new ArrayList<>(segments.size());
    for (LogSegment segment : segments.headMap(offset, false).values()) {
      Map.Entry<Long, LogSegment> next = segments.higherEntry(segment.baseOffset());
      boolean whole = (next == null ? end : next.getKey()) <= offset;
      states.add(
          new LogCheckpoint.Segment(
              segment.baseOffset(),
              whole ? segment.sizeBytes() : segment.position(offset),
              segment.maxTimestampMs(),
              segment.firstCrc(),
              segment.generation(),
              whole && segment.isCompacted()));
    }
    return states;
  }
}
