// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a log can be compacted now. Immutable.
 *
 * @param segments oldest first: those compacted before, then those that were not
 * @param firstDirtyOffset from where on records were not compacted yet
 * @param cleanBytes of the former
 * @param dirtyBytes of the latter
 * @param overdue whether it is to be done whatever the ratio
 */
public record CompactionPlan(
    List<ClosedSegment> segments,
    long firstDirtyOffset,
    long cleanBytes,
    long dirtyBytes,
    boolean overdue) {
  /** Copies the list. */
  public CompactionPlan {
    segments = List.copyOf(segments);
  }

  /** How much of what can be compacted was not compacted yet, 0 to 1. */
  public double dirtyRatio() {
    return (double) dirtyBytes / Math.max(1, cleanBytes + dirtyBytes);
  }

  /** Whether it is to be done. */
  public boolean isDue(CompactionSettings settings) {
    return overdue || dirtyRatio() >= settings.minDirtyRatio();
  }

  /**
   * What can be compacted; empty if nothing is there that was not.
   *
   * @param closed the segments that get no more batches, oldest first
   * @param compactedTo records below it were compacted, though perhaps not a whole segment
   * @param upTo what lies beyond may be truncated yet, or belongs to open transactions
   * @param nowMs of the wall clock, as the records' timestamps are (rule 23)
   */
  public static Optional<CompactionPlan> of(
      List<ClosedSegment> closed,
      long compactedTo,
      long upTo,
      CompactionSettings settings,
      long nowMs) {
    List<ClosedSegment> segments = new ArrayList<>();
    long cleanBytes = 0;
    long dirtyBytes = 0;
    long firstDirty = -1;
    boolean overdue = false;
    for (ClosedSegment each : closed) {
      boolean dirty = firstDirty >= 0 || !(each.compacted() || each.endOffset() <= compactedTo);
      if (each.endOffset() > upTo || (dirty && isYoung(each, settings, nowMs))) {
        break;
      }
      segments.add(each);
      if (!dirty) {
        cleanBytes += each.sizeBytes();
        continue;
      }
      if (firstDirty < 0) {
        firstDirty = Math.max(each.baseOffset(), Math.min(compactedTo, each.endOffset()));
        overdue =
            each.firstTimestampMs() >= 0 && nowMs - each.firstTimestampMs() > settings.maxLagMs();
      }
      dirtyBytes += each.sizeBytes();
    }
    return dirtyBytes == 0
        ? Optional.empty()
        : Optional.of(new CompactionPlan(segments, firstDirty, cleanBytes, dirtyBytes, overdue));
  }

  private static boolean isYoung(ClosedSegment segment, CompactionSettings settings, long nowMs) {
    return settings.minLagMs() > 0 && segment.maxTimestampMs() > nowMs - settings.minLagMs();
  }

  /** An upper bound of the keys that were not compacted yet. */
  public long dirtyOffsets() {
    return segments.getLast().endOffset() - firstDirtyOffset;
  }

  /**
   * The segments that begin below the offset, put together so that those of one group fit into one
   * segment.
   *
   * @param maxBytes of a segment
   */
  public List<List<ClosedSegment>> groups(long upTo, int maxBytes) {
    List<List<ClosedSegment>> groups = new ArrayList<>();
    List<ClosedSegment> group = new ArrayList<>();
    long bytes = 0;
    for (ClosedSegment each : segments) {
      if (each.baseOffset() >= upTo) {
        break;
      }
      boolean fits =
          bytes + each.sizeBytes() <= maxBytes
              && each.endOffset() - (group.isEmpty() ? each : group.getFirst()).baseOffset()
                  <= Integer.MAX_VALUE;
      if (!group.isEmpty() && !fits) {
        groups.add(List.copyOf(group));
        group.clear();
        bytes = 0;
      }
      group.add(each);
      bytes += each.sizeBytes();
    }
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    return groups;
  }
}
