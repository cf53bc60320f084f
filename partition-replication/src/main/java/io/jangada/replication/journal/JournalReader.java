// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.io.IOException;

/**
 * Reads what a journal left behind, before the next one is started. May be asked several times and
 * shows the same each time. Used by one thread.
 */
public interface JournalReader {
  /**
   * Shows the visitor every entry of the last incarnation, oldest first, up to the first group that
   * is missing or bad: also entries that were released, so that those which the manifest covers are
   * to be skipped by their numbers. Good groups behind a bad one are never shown.
   *
   * @throws IOException if the visitor threw it or the directory cannot be listed; a file that
   *     cannot be read is part of the verdict
   */
  JournalScan scan(JournalVisitor visitor) throws IOException;
}
