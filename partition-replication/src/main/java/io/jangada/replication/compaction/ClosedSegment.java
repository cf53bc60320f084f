// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

/**
 * A segment that gets no more batches, as compaction sees it.
 *
 * @param baseOffset of its first batch
 * @param endOffset the offset after its last batch
 * @param firstTimestampMs the largest of its first batch; below zero if that is unknown
 * @param maxTimestampMs the largest of its batches; below zero if they have none
 * @param compacted whether all of it was compacted before
 */
public record ClosedSegment(
    long baseOffset,
    long endOffset,
    int sizeBytes,
    long firstTimestampMs,
    long maxTimestampMs,
    boolean compacted) {}
