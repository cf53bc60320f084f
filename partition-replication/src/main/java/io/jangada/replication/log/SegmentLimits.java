// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/**
 * When a log goes on in another segment.
 *
 * @param bytes before a batch that would exceed this; a larger batch gets a segment of its own
 * @param ageMs before a batch whose newest record is so much younger than the segment's first batch
 */
public record SegmentLimits(int bytes, long ageMs) {
  /** By size only. */
  public static SegmentLimits ofBytes(int bytes) {
    return new SegmentLimits(bytes, Long.MAX_VALUE);
  }
}
