// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

/** How a journal ends, and whether that can be trusted (rule 21). */
public sealed interface JournalVerdict {
  /** Nothing follows the last good group. Everything that was durable was shown. */
  record Clean() implements JournalVerdict {}

  /**
   * The last group was cut off while it was being written: sectors of it were never written, so it
   * was not durable and nobody was told that it was. Everything that was durable was shown.
   *
   * @param place file and position
   * @param sequence of the bad group
   * @param suspect true if the group looks damaged as well, so that it cannot be told for certain
   *     that it was not durable: no rights without a check against a peer
   * @param reason for people
   */
  record TornTail(String place, long sequence, boolean suspect, String reason)
      implements JournalVerdict {}

  /**
   * Something that was durable is damaged, or not there: what was shown is not everything that was
   * acknowledged.
   *
   * @param place file and position
   * @param sequence of the first group that is bad or missing
   * @param provenBySequence the group that says it was durable; equal to sequence if the bad group
   *     itself shows that it was written to its end
   * @param reason for people
   */
  record Corrupt(String place, long sequence, long provenBySequence, String reason)
      implements JournalVerdict {}
}
