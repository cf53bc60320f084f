// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import org.jspecify.annotations.Nullable;

/**
 * Where a journal goes on.
 *
 * @param incarnation that writes; never used before, unless it is the last one's that goes on
 * @param firstSequence that its first group gets
 * @param firstNumber that its first entry gets
 * @param tail of the last one, behind which it goes on; null if what was there counts no more
 */
public record JournalStart(
    long incarnation, long firstSequence, long firstNumber, @Nullable JournalTail tail) {
  /** Another incarnation. */
  public JournalStart(long incarnation, long firstSequence, long firstNumber) {
    this(incarnation, firstSequence, firstNumber, null);
  }

  /**
   * Another incarnation, after everything that was ever seen: all that the last one held has been
   * put elsewhere.
   *
   * @param scan of what the last journal left
   * @param known what the manifest knew of it
   */
  public static JournalStart after(JournalScan scan, JournalExpectation known) {
    return new JournalStart(
        Math.max(scan.incarnation(), known.incarnation()) + 1,
        scan.lastSequence() + 1,
        firstNumber(scan, known));
  }

  /**
   * The same incarnation, behind its last good group.
   *
   * @param scan of what the last journal left
   * @param tail of it
   * @param known what the manifest knew of it
   */
  public static JournalStart behind(JournalScan scan, JournalTail tail, JournalExpectation known) {
    return new JournalStart(
        scan.incarnation(), tail.lastSequence() + 1, firstNumber(scan, known), tail);
  }

  private static long firstNumber(JournalScan scan, JournalExpectation known) {
    return Math.max(scan.highestNumber(), known.highestNumber()) + 1;
  }
}
