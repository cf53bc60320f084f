// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.history;

import java.util.List;

/**
 * What clients did and saw.
 *
 * @param operations in the order in which they ended; those of one process in its own order
 * @param drain the process that read everything from the beginning to the end when all was over
 */
public record History(List<Operation> operations, int drain) {
  /** Copies. */
  public History {
    operations = List.copyOf(operations);
  }
}
