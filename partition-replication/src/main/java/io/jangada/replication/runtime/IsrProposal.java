// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.BrokerView;
import java.util.List;

/**
 * A leader's wish to change the ISR.
 *
 * @param partition of which partition
 * @param leaderEpoch the epoch in which this broker leads it
 * @param partitionEpoch compare-and-set: only if the partition's record still has this epoch
 * @param isr the wanted members with the broker epochs that the leader knows (KIP-903)
 */
public record IsrProposal(
    TopicIdPartition partition, int leaderEpoch, int partitionEpoch, List<BrokerView> isr) {
  /** Copies the list. */
  public IsrProposal {
    isr = List.copyOf(isr);
  }
}
