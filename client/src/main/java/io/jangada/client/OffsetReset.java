// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/** Where to read on when the wanted offset is not in the log any more. */
public enum OffsetReset {
  /** Nowhere: {@code poll} throws OFFSET_OUT_OF_RANGE until someone seeks. */
  FAIL,
  /** At the oldest record there is. */
  BEGINNING,
  /** At the next record to be written. */
  END
}
