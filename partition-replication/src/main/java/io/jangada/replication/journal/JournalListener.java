// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.io.IOException;

/** Whoever makes room in the journal. Called by the journal's thread: must only enqueue. */
public interface JournalListener {
  /**
   * A file is full. It becomes free when everything up to its highest number is released.
   *
   * @param highestNumber the highest number of the oldest file that is not free
   * @param freeFiles how many files are left to go on in; with 0 the journal stands still as soon
   *     as the one just begun is full, if no other can be created
   */
  void fileFull(long highestNumber, int freeFiles);

  /** The journal has failed for good. Called at most once, the last of all calls. */
  void failed(IOException cause);
}
