// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.List;

/**
 * One entry of the metadata log: what a controller proposes. The controller decides, apply
 * arbitrates: items are independent of each other, each is written or rejected whole. Immutable.
 *
 * @param controllerEpoch the epoch of the proposing controller; the batch is rejected where it is
 *     not the present one
 * @param items in order
 */
public record ConditionalBatch(long controllerEpoch, List<BatchItem> items) {
  /** The epoch of a batch that claims the controllership, and of nothing else. */
  public static final long CLAIMING = -1;

  /** Copies the items. */
  public ConditionalBatch {
    items = List.copyOf(items);
  }
}
