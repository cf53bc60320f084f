// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.util.List;

/**
 * What was found in a journal.
 *
 * @param verdict on its end
 * @param incarnation the last one; 0 if there is none
 * @param lastSequence of the groups seen, good or bad
 * @param highestNumber given to any entry that was seen, shown or not; 0 if there is none
 * @param groups that were shown
 * @param entries that were shown
 * @param bytes of the groups that were shown
 * @param remarks for people: files that do not belong here, or are shorter than they should be
 */
public record JournalScan(
    JournalVerdict verdict,
    long incarnation,
    long lastSequence,
    long highestNumber,
    long groups,
    long entries,
    long bytes,
    List<String> remarks) {
  /** Copies the list. */
  public JournalScan {
    remarks = List.copyOf(remarks);
  }
}
