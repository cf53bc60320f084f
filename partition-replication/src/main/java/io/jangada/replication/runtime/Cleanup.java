// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.compaction.CompactionSettings;

/**
 * How a topic gets rid of records.
 *
 * @param delete whether segments go for their age, or because there are too many
 * @param compact whether records go that have a newer one of the same key
 * @param compaction when, if so
 */
public record Cleanup(boolean delete, boolean compact, CompactionSettings compaction) {
  /** Whole segments go. */
  public static final Cleanup DELETE = new Cleanup(true, false, CompactionSettings.DEFAULT);

  /** The newest record of each key stays for ever. */
  public static final Cleanup COMPACT = new Cleanup(false, true, CompactionSettings.DEFAULT);
}
