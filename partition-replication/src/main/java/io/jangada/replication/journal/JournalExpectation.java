// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

/**
 * What the manifest knows of a journal that is to be read: without it, a journal that was deleted
 * or put back from an old copy would look like one that is whole.
 *
 * @param incarnation that was started; 0 = unknown
 * @param isRetired whether everything that this incarnation and those before ever held is in the
 *     manifest and the segments, so that none of it is to be replayed. To be committed before the
 *     next incarnation starts: its first write, cut off, may damage what the last one left
 * @param highestNumber that was durable; 0 = unknown
 */
public record JournalExpectation(long incarnation, boolean isRetired, long highestNumber) {
  /** Nothing is known. */
  public static final JournalExpectation NONE = new JournalExpectation(0, 0);

  /** An incarnation that was started and not retired. */
  public JournalExpectation(long incarnation, long highestNumber) {
    this(incarnation, false, highestNumber);
  }

  /** The incarnation up to which nothing is replayed. */
  long retiredIncarnation() {
    return isRetired ? incarnation : 0;
  }
}
