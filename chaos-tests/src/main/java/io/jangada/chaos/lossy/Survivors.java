// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.lossy;

import java.util.Locale;

/** What of the data and names that were not durable is there after a power loss. */
public enum Survivors {
  /** Nothing: the disk had written back nothing by itself. */
  NONE,
  /** A random part, sector by sector: writes are torn and reordered. */
  SOME,
  /** Everything: as if only the process had died. */
  ALL;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
