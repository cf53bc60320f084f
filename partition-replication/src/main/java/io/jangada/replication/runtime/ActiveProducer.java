// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

/**
 * An idempotent producer that a replica remembers.
 *
 * @param producerEpoch of its last batch
 * @param lastSequence of the last record in its last batch
 * @param lastTimestampMs the largest timestamp in its last batch, -1 = unknown: that is forgotten
 *     when the log is recovered or truncated
 */
public record ActiveProducer(
    long producerId, short producerEpoch, int lastSequence, long lastTimestampMs) {}
