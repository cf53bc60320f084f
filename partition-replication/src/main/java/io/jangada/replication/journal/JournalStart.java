// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

/**
 * Where a journal goes on.
 *
 * @param incarnation of this start; never used before
 * @param firstSequence that its first group gets
 * @param firstNumber that its first entry gets
 */
public record JournalStart(long incarnation, long firstSequence, long firstNumber) {
  /**
   * After everything that was ever seen.
   *
   * @param scan of what the last journal left
   * @param known what the manifest knew of it
   */
  public static JournalStart after(JournalScan scan, JournalExpectation known) {
    return new JournalStart(
        Math.max(scan.incarnation(), known.incarnation()) + 1,
        scan.lastSequence() + 1,
        Math.max(scan.highestNumber(), known.highestNumber()) + 1);
  }
}
