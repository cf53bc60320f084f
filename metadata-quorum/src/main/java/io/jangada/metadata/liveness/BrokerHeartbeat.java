// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

/**
 * One heartbeat as it arrived.
 *
 * @param brokerId who
 * @param brokerEpoch which incarnation
 * @param stream the connection it came by; not 0, unique in this process
 * @param echo the last answer that the broker has seen in that stream
 * @param metadataIndex up to where it has applied the metadata
 * @param oldestSyncAgeMs how old the oldest fsync is that its logs wait for; 0 = none
 * @param receivedNanos when it arrived, on the monotonic clock
 */
public record BrokerHeartbeat(
    int brokerId,
    long brokerEpoch,
    long stream,
    long echo,
    long metadataIndex,
    long oldestSyncAgeMs,
    long receivedNanos) {}
