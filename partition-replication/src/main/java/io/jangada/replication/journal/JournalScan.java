// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param tail where the incarnation can go on; null if only another one may follow
 */
public record JournalScan(
    JournalVerdict verdict,
    long incarnation,
    long lastSequence,
    long highestNumber,
    long groups,
    long entries,
    long bytes,
    List<String> remarks,
    @Nullable JournalTail tail) {
  /** Copies the list. */
  public JournalScan {
    remarks = List.copyOf(remarks);
  }
}
