// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/**
 * How a log is laid out.
 *
 * @param segmentBytes a new segment begins before a batch that would exceed this; a larger batch
 *     gets a segment of its own
 * @param indexIntervalBytes one index entry for about so many bytes
 */
public record LogConfig(int segmentBytes, int indexIntervalBytes) {
  /** 512 MiB segments, an index entry for each 16 KiB. */
  public static final LogConfig DEFAULT = new LogConfig(512 << 20, 16 << 10);

  /** Checks the ranges. */
  public LogConfig {
    if (segmentBytes <= 0 || indexIntervalBytes <= 0) {
      throw new IllegalArgumentException(
          "expected positive sizes, but got " + segmentBytes + " and " + indexIntervalBytes);
    }
  }
}
