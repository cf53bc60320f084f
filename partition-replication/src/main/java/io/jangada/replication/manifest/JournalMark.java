// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

/**
 * What the manifest knows of its journal, so that a journal that was lost or swapped for an old
 * copy is found out.
 *
 * @param incarnation of the journal; 0 if there was none
 * @param number an entry that is durable in it, or was released from it
 */
public record JournalMark(long incarnation, long number) {
  /** There was no journal yet. */
  public static final JournalMark NONE = new JournalMark(0, 0);
}
