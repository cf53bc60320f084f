// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/**
 * Where a log ends, between two of its truncations.
 *
 * @param endOffset the offset after the last batch
 * @param generation the number that the owner gave to the last truncation; 0 if there was none. An
 *     end offset of one generation says nothing about the bytes of the next
 */
public record LogEnd(long endOffset, int generation) {
  /** The one that the log came to last. */
  public static LogEnd later(LogEnd one, LogEnd other) {
    if (one.generation != other.generation) {
      return one.generation > other.generation ? one : other;
    }
    return one.endOffset >= other.endOffset ? one : other;
  }
}
