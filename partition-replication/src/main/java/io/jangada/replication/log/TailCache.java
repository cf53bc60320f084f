// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The newest batches of all logs, kept in memory up to a common bound, so that live followers and
 * readers at the end do not touch the disk. The oldest batch of all goes first, but none before it
 * is in its segment: until then this is the only place to read it from. Thread-safe; no call does
 * I/O.
 */
public final class TailCache {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** With more than so many times as much in its array a batch is copied out of it. */
  private static final int MOST_NEIGHBOURS = 3;

  private final long maxBytes;

  /** Batches that are in their segments. */
  private final Deque<Entry> oldestFirst = new ArrayDeque<>();

  private long bytes;
  private long pinnedBytes;

  /**
   * An empty cache.
   *
   * @param maxBytes the bound for all logs together; 0 keeps nothing but what is pinned
   */
  public TailCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Bytes of batches held now. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Bytes of those that are in no segment yet. */
  public synchronized long pinnedBytes() {
    return pinnedBytes;
  }

  /** A log's share, empty at first. */
  Tail newTail() {
    return new Tail();
  }

  private synchronized void add(Tail tail, List<Entry> added) {
    for (Entry entry : added) {
      tail.entries.add(entry);
      tail.pinnedBytes += entry.bytes.limit();
      bytes += entry.bytes.limit();
      pinnedBytes += entry.bytes.limit();
    }
    evict();
  }

  private synchronized void flushed(Tail tail, long upTo) {
    List<Entry> entries = tail.entries;
    while (tail.pinned < entries.size() && entries.get(tail.pinned).nextOffset <= upTo) {
      Entry entry = entries.get(tail.pinned);
      tail.pinned++;
      pinnedBytes -= entry.bytes.limit();
      tail.pinnedBytes -= entry.bytes.limit();
      oldestFirst.addLast(entry);
    }
    evict();
  }

  private void evict() {
    while (bytes > maxBytes && !oldestFirst.isEmpty()) {
      Entry oldest = oldestFirst.removeFirst();
      if (oldest.live) {
        bytes -= oldest.release();
        oldest.tail.removeFirst();
      }
    }
  }

  private synchronized void remove(Tail tail, long fromOffset) {
    List<Entry> entries = tail.entries;
    while (entries.size() > tail.first && entries.getLast().nextOffset > fromOffset) {
      boolean pinned = entries.size() > tail.pinned;
      int size = entries.removeLast().release();
      bytes -= size;
      if (pinned) {
        pinnedBytes -= size;
        tail.pinnedBytes -= size;
      } else {
        tail.pinned--;
      }
    }
    // Dead entries would otherwise wait for the bound, which they no longer count against.
    oldestFirst.removeIf(entry -> !entry.live);
  }

  private synchronized List<ByteBuffer> batches(Tail tail, long offset, long upTo) {
    List<ByteBuffer> found = new ArrayList<>();
    int at = tail.indexOf(offset);
    for (int i = at; at >= 0 && i < tail.entries.size(); i++) {
      Entry entry = tail.entries.get(i);
      if (entry.nextOffset > upTo) {
        break;
      }
      found.add(entry.bytes.duplicate());
    }
    return found;
  }

  private synchronized Optional<LogSlice> read(Tail tail, long offset, int maxBytes, long upTo) {
    int at = tail.indexOf(offset);
    if (at < 0) {
      return Optional.empty();
    }
    List<ByteBuffer> buffers = new ArrayList<>();
    long baseOffset = tail.entries.get(at).baseOffset;
    long nextOffset = offset;
    int size = 0;
    for (int i = at; i < tail.entries.size(); i++) {
      Entry entry = tail.entries.get(i);
      if (entry.nextOffset > upTo || (size > 0 && size + entry.bytes.limit() > maxBytes)) {
        break;
      }
      buffers.add(entry.bytes.duplicate());
      size += entry.bytes.limit();
      nextOffset = entry.nextOffset;
    }
    return Optional.of(
        size == 0 ? LogSlice.empty(offset) : new LogSlice(buffers, size, baseOffset, nextOffset));
  }

  private static final class Entry {
    private final Tail tail;
    private ByteBuffer bytes;
    private final long baseOffset;
    private final long nextOffset;
    private boolean live = true;

    Entry(Tail tail, RecordBatch batch) {
      this.tail = tail;
      this.bytes = withoutNeighbours(batch.bytes());
      this.baseOffset = batch.baseOffset();
      this.nextOffset = batch.nextOffset();
    }

    /**
     * A request brings batches of several partitions in one array, and may bring much that is
     * refused: the memory that is held must be near what is counted.
     */
    private static ByteBuffer withoutNeighbours(ByteBuffer batch) {
      if (!batch.hasArray()) {
        return batch;
      }
      int before = batch.arrayOffset();
      int behind = batch.array().length - before - batch.limit();
      return before + behind <= MOST_NEIGHBOURS * (long) batch.limit()
          ? batch
          : ByteBuffer.allocate(batch.limit()).put(batch).flip();
    }

    /** Lets go of the memory at once and returns how much it was. */
    int release() {
      int size = bytes.limit();
      bytes = NOTHING;
      live = false;
      return size;
    }
  }

  /** The newest batches of one log, in offset order without gaps. */
  final class Tail {
    private static final int COMPACT_AT = 1024;

    private final List<Entry> entries = new ArrayList<>();

    /** Entries before it are gone. */
    private int first;

    /** Entries from it on are in no segment yet; not below {@link #first}. */
    private int pinned;

    private long pinnedBytes;

    /** Takes batches that follow the last one; they stay until they are flushed. */
    void append(List<RecordBatch> batches) {
      List<Entry> added = new ArrayList<>(batches.size());
      for (RecordBatch batch : batches) {
        added.add(new Entry(this, batch));
      }
      add(this, added);
    }

    /** Bytes of batches that are in no segment yet. */
    long pinnedBytes() {
      synchronized (TailCache.this) {
        return pinnedBytes;
      }
    }

    /** The batches up to the offset are in their segments. */
    void flushed(long upTo) {
      TailCache.this.flushed(this, upTo);
    }

    /** Forgets batches that reach beyond the offset. */
    void truncate(long offset) {
      remove(this, offset);
    }

    /** The batches from the offset, where one begins, up to another, each in a buffer. */
    List<ByteBuffer> batches(long offset, long upTo) {
      return TailCache.this.batches(this, offset, upTo);
    }

    /** The first batch at or after the time that ends at or below the bound. */
    Optional<TimestampOffset> find(long timestampMs, long upTo) {
      synchronized (TailCache.this) {
        for (Entry entry : entries.subList(first, entries.size())) {
          ByteBuffer batch = entry.bytes;
          if (entry.nextOffset > upTo) {
            break;
          }
          if (BatchHeaders.isFoundAt(batch, batch.position(), timestampMs)) {
            return Optional.of(
                new TimestampOffset(
                    BatchHeaders.maxTimestampMs(batch, batch.position()),
                    entry.baseOffset,
                    BatchHeaders.leaderEpoch(batch, batch.position())));
          }
        }
        return Optional.empty();
      }
    }

    /** As {@link PartitionLog#readCached}. */
    Optional<LogSlice> read(long offset, int maxBytes, long upTo) {
      return TailCache.this.read(this, offset, maxBytes, upTo);
    }

    private void removeFirst() {
      first++;
      if ((first >= COMPACT_AT && first * 2 >= entries.size()) || first == entries.size()) {
        entries.subList(0, first).clear();
        pinned -= first;
        first = 0;
      }
    }

    /** The entry that holds the offset, or -1. */
    private int indexOf(long offset) {
      int low = first;
      int high = entries.size() - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        Entry entry = entries.get(middle);
        if (offset < entry.baseOffset) {
          high = middle - 1;
        } else if (offset >= entry.nextOffset) {
          low = middle + 1;
        } else {
          return middle;
        }
      }
      return -1;
    }
  }
}
