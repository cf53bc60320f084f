// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

/**
 * A place in the metadata log.
 *
 * @param term the Raft term in which the entry was written
 * @param index the entry's index; as seen by the state the indices have gaps, because the log keeps
 *     entries of its own
 */
public record LogPosition(long term, long index) {
  /** Before the first entry. */
  public static final LogPosition NONE = new LogPosition(0, -1);
}
