// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who has written to the replicas that are here. Thread-safe; never blocks. */
@FunctionalInterface
public interface ProducerDescriptions {

  /**
   * The idempotent producers that the replica here remembers, whether it leads or follows.
   *
   * @return in no order; completes exceptionally with a {@link io.jangada.common.JangadaException}:
   *     UNKNOWN_TOPIC, UNKNOWN_PARTITION, or NOT_LEADER if no replica is here
   */
  CompletableFuture<List<Producer>> describe(PartitionRef partition);

  /**
   * A producer.
   *
   * @param lastSequence the sequence of its last record
   * @param lastTimestampMs the largest timestamp in its last batch; -1 = unknown
   */
  record Producer(long producerId, int producerEpoch, int lastSequence, long lastTimestampMs) {}
}
