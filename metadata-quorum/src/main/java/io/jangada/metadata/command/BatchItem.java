// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.List;

/**
 * Records that are written together, if every precondition holds; else none of them. Immutable.
 *
 * @param preconditions checked before the first record, after the items before this one
 * @param records written in this order
 */
public record BatchItem(List<Precondition> preconditions, List<MetadataRecord> records) {
  /** Copies the lists. */
  public BatchItem {
    preconditions = List.copyOf(preconditions);
    records = List.copyOf(records);
  }
}
