// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.Comparator;

/**
 * Where a replica's log ends. Of two logs of a partition that no operator has ever let lose
 * records, the one with the greater end has all that the other one has of what was acknowledged
 * (docs/adr/0012).
 *
 * @param epoch the leader epoch of its last records; -1 where there are none
 * @param offset behind its last record
 */
public record LogEnd(int epoch, long offset) implements Comparable<LogEnd> {
  private static final Comparator<LogEnd> ORDER =
      Comparator.comparingInt(LogEnd::epoch).thenComparingLong(LogEnd::offset);

  @Override
  public int compareTo(LogEnd other) {
    return ORDER.compare(this, other);
  }
}
