// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

/**
 * Who leads a partition.
 *
 * @param leader broker id, or -1 for none
 * @param leaderEpoch the larger of two is the newer
 */
public record PartitionView(int leader, int leaderEpoch) {
  /** Nobody, and nothing is known. */
  public static final PartitionView UNKNOWN = new PartitionView(-1, -1);
}
