// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.machine;

import io.jangada.metadata.command.Refusal;

/** What apply did with one item of a batch. */
public sealed interface ItemResult {
  /** All its records were written. */
  record Accepted() implements ItemResult {}

  /** None was: a precondition did not hold, or a record would break an invariant. */
  record Rejected(Refusal refusal) implements ItemResult {}

  /** The entry was applied before; what became of the item is not remembered. */
  record Replayed() implements ItemResult {}
}
