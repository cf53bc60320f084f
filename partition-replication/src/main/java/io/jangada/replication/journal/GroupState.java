// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

/** What became of a group whose header is good. */
enum GroupState {
  /** As it was written. */
  GOOD,

  /** Sectors of it were never written. */
  TORN,

  /** Sectors of it were never written, it seems, and others are damaged. */
  SUSPECT,

  /** Written to its end, and not what was written. */
  DAMAGED
}
