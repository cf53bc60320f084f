// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.util.List;

/**
 * The end of a journal that ended well: there the same incarnation can go on, and what its files
 * hold stays needed until it is released.
 *
 * @param files that hold what may be needed, oldest first; the last is the one to go on in
 * @param position in the last file, behind the last good group
 * @param lastSequence of the last good group
 */
public record JournalTail(List<Part> files, long position, long lastSequence) {
  /** Copies the list. */
  public JournalTail {
    files = List.copyOf(files);
  }

  /**
   * What is in one file.
   *
   * @param number of the file
   * @param firstSequence of its groups
   * @param highestNumber that an entry has in it, or in a file before
   */
  public record Part(int number, long firstSequence, long highestNumber) {}
}
