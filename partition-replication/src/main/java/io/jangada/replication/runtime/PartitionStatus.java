// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.core.ReadView;
import io.jangada.replication.core.ReplicaRole;
import java.util.List;

/**
 * A replica at one moment. Immutable.
 *
 * @param role what it plays
 * @param leaderId the leader as far as it knows, -1 = none
 * @param view epochs and offsets
 * @param durableEndOffset up to where the log is fsynced here
 * @param isr the committed ISR; empty unless the replica leads
 * @param replicas how many replicas the partition has
 */
public record PartitionStatus(
    ReplicaRole.Kind role,
    int leaderId,
    ReadView view,
    long durableEndOffset,
    List<Integer> isr,
    int replicas) {}
