// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.record.RecordBatch;
import io.jangada.replication.compaction.ClosedSegment;
import io.jangada.replication.compaction.CompactionPlan;
import io.jangada.replication.compaction.KeyMapping;
import io.jangada.replication.compaction.KeyOffsets;
import io.jangada.replication.compaction.SegmentCompaction;
import io.jangada.replication.log.LogCompaction;
import io.jangada.replication.metrics.CompactionMetrics;
import io.jangada.replication.storage.AlignedBuffers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.util.List;

/**
 * One pass over one log: reads what was not compacted yet for the newest offset of each key, then
 * writes the segments anew, oldest first, so that a value is gone before the tombstone that deleted
 * it. Used by one thread; blocks.
 */
final class CompactionPass {
  private static final int CHUNK_BYTES = 1 << 20;

  /** What a batch may be decompressed to: the heap is not large. */
  static final int MAX_DECOMPRESSED_BYTES = 32 << 20;

  private static final SecureRandom SECRETS = new SecureRandom();

  private final LogCompaction log;
  private final long memoryBytes;
  private final LogCompaction.Pace pace;
  private final CompactionMetrics metrics;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
  private final ByteBuffer slab = AlignedBuffers.allocate(CHUNK_BYTES);

  /**
   * A pass over that log.
   *
   * @param memoryBytes for its keys, at most
   */
  CompactionPass(
      LogCompaction log, long memoryBytes, LogCompaction.Pace pace, CompactionMetrics metrics) {
    this.log = log;
    this.memoryBytes = memoryBytes;
    this.pace = pace;
    this.metrics = metrics;
  }

  /** A write or a sync failed. */
  static final class WriteFailed extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException reason;

    WriteFailed(IOException cause) {
      super("could not write a compacted segment", cause);
      this.reason = cause;
    }

    IOException reason() {
      return reason;
    }
  }

  /** What the partition says about a pass. */
  record Terms(
      long deleteRetentionMs,
      long nowMs,
      int segmentBytes,
      SegmentCompaction.LastOfProducer lastOfProducer) {}

  /**
   * Does it.
   *
   * @return false if the log has changed meanwhile: what was not done has to be looked at again
   * @throws WriteFailed if something could not be written
   * @throws IOException if something could not be read
   */
  boolean run(CompactionPlan plan, Terms terms) throws IOException {
    int generation = log.generation();
    try (Arena arena = Arena.ofConfined()) {
      long bytes =
          Math.min(
              Math.max(memoryBytes, KeyOffsets.MIN_BYTES),
              KeyOffsets.bytesFor(plan.dirtyOffsets()));
      KeyOffsets keys =
          new KeyOffsets(arena.allocate(bytes, Long.BYTES), SECRETS.nextLong(), SECRETS.nextLong());
      long mappedTo = map(plan, keys);
      SegmentCompaction.Terms inner =
          new SegmentCompaction.Terms(
              mappedTo, terms.deleteRetentionMs(), terms.nowMs(), MAX_DECOMPRESSED_BYTES);
      for (List<ClosedSegment> group : plan.groups(mappedTo, terms.segmentBytes())) {
        if (!rewrite(group, keys, inner, terms, generation)) {
          return false;
        }
      }
      log.compactedTo(mappedTo);
      return true;
    } catch (ClosedChannelException e) {
      // A segment went meanwhile, or the broker is being stopped.
      return false;
    }
  }

  private long map(CompactionPlan plan, KeyOffsets keys) throws IOException {
    KeyMapping mapping = new KeyMapping(keys, plan.firstDirtyOffset(), MAX_DECOMPRESSED_BYTES);
    for (ClosedSegment each : plan.segments()) {
      if (each.endOffset() > plan.firstDirtyOffset()
          && !log.read(each, chunk, mapping::take, pace)) {
        break;
      }
    }
    return mapping.mappedTo();
  }

  private boolean rewrite(
      List<ClosedSegment> group,
      KeyOffsets keys,
      SegmentCompaction.Terms inner,
      Terms terms,
      int generation)
      throws IOException {
    boolean whole = group.getLast().endOffset() <= inner.mappedTo();
    try (LogCompaction.Rewrite rewrite = log.rewrite(group, generation, slab, pace)) {
      SegmentCompaction compaction =
          new SegmentCompaction(keys, inner, terms.lastOfProducer(), batch -> add(rewrite, batch));
      for (ClosedSegment each : group) {
        log.read(
            each,
            chunk,
            batch -> {
              compaction.take(batch);
              return true;
            },
            pace);
      }
      compaction.end();
      metrics.compacted(
          compaction.count().readBytes(),
          compaction.count().writtenBytes(),
          compaction.count().removedRecords());
      if (!compaction.isChanged() && group.size() == 1) {
        rewrite.unchanged(whole);
        return true;
      }
      return finish(rewrite, whole);
    } catch (UncheckedIOException e) {
      throw writeFailed(e.getCause());
    }
  }

  private static void add(LogCompaction.Rewrite rewrite, RecordBatch batch) {
    try {
      rewrite.add(batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean finish(LogCompaction.Rewrite rewrite, boolean whole) throws IOException {
    try {
      return rewrite.finish(whole);
    } catch (IOException e) {
      throw writeFailed(e);
    }
  }

  private static IOException writeFailed(IOException e) {
    return e instanceof ClosedChannelException ? e : new WriteFailed(e);
  }
}
