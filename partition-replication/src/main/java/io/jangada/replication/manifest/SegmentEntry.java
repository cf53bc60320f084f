// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

/**
 * One segment of a log as of a checkpoint.
 *
 * @param baseOffset of its first batch; names the file
 * @param sizeBytes durable bytes
 * @param maxTimestampMs the largest timestamp in them
 */
public record SegmentEntry(long baseOffset, int sizeBytes, long maxTimestampMs) {}
