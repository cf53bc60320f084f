// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import java.util.List;

/**
 * Who leads a partition.
 *
 * @param leader broker id, or -1 for none
 * @param leaderEpoch the larger of two is the newer
 * @param isr the brokers whose replicas are in sync, as far as that is known
 */
public record PartitionView(int leader, int leaderEpoch, List<Integer> isr) {
  /** Nobody, and nothing is known. */
  public static final PartitionView UNKNOWN = new PartitionView(-1, -1, List.of());
}
