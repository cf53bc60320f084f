// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.core.LeaderEpochHistory;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The state of a log at one moment: what recovery would otherwise have to read all batches for.
 *
 * @param number the last journal entry that is contained in this; recovery replays those after it
 * @param endOffset the offset after the last batch in the segments
 * @param lastBatchPosition where in the last segment its last batch begins; -1 if it has none
 * @param segments oldest first
 * @param logStartOffset records below it are deleted
 * @param highWatermark a lower bound of it
 * @param epochs where each leader epoch begins; not to be changed
 * @param durability how the log is made durable
 * @param producers a snapshot of the producers, from position to limit; not to be changed
 */
public record LogCheckpoint(
    long number,
    long endOffset,
    int lastBatchPosition,
    List<Segment> segments,
    long logStartOffset,
    long highWatermark,
    LeaderEpochHistory epochs,
    Durability durability,
    ByteBuffer producers) {
  /** There is no such position. */
  public static final int NO_POSITION = -1;

  /**
   * One segment.
   *
   * @param baseOffset of its first batch; names the file
   * @param sizeBytes of its batches
   * @param maxTimestampMs the largest timestamp in them
   * @param firstCrc checksum of the first of them, by which another log's file is recognised; 0 if
   *     there is none
   * @param generation how often compaction has written it anew; names the file, too
   * @param compacted whether compaction has seen all of it
   */
  public record Segment(
      long baseOffset,
      int sizeBytes,
      long maxTimestampMs,
      int firstCrc,
      int generation,
      boolean compacted) {
    /** One that compaction has not touched. */
    public Segment(long baseOffset, int sizeBytes, long maxTimestampMs, int firstCrc) {
      this(baseOffset, sizeBytes, maxTimestampMs, firstCrc, 0, false);
    }
  }

  /** Copies the list. */
  public LogCheckpoint {
    segments = List.copyOf(segments);
  }

  /** Of a log that never was. */
  public static LogCheckpoint empty(Durability durability) {
    return new LogCheckpoint(
        0,
        0,
        NO_POSITION,
        List.of(),
        0,
        0,
        new LeaderEpochHistory(),
        durability,
        ByteBuffer.allocate(0));
  }
}
