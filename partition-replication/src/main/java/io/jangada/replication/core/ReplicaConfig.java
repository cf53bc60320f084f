// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/**
 * Times and bounds of one replica.
 *
 * @param lagTimeMaxMs {@code replica.lag.time.max}: how long an ISR member may lag
 * @param retryBackoffMs between attempts to subscribe and between proposals of ISR changes
 * @param maxPendingAppends appends that wait for acknowledgements; more are refused as OVERLOADED
 * @param maxProducers idempotent producers remembered; a new one beyond that is refused as
 *     OVERLOADED
 * @param producerExpiryMs how long an idle producer is remembered
 * @param resignAfterMs how long a leader under min ISR waits for followers that are in service but
 *     do not reach it before it resigns; doubles each time (rule 25)
 */
public record ReplicaConfig(
    long lagTimeMaxMs,
    long retryBackoffMs,
    int maxPendingAppends,
    int maxProducers,
    long producerExpiryMs,
    long resignAfterMs) {
  /** The defaults: 10 s, 100 ms, 20,000, 20,000, one day, 2 s. */
  public static final ReplicaConfig DEFAULT =
      new ReplicaConfig(10_000, 100, 20_000, 20_000, 86_400_000, 2_000);

  /** The same with another time that an ISR member may lag. */
  public ReplicaConfig withLagTimeMaxMs(long newLagTimeMaxMs) {
    return new ReplicaConfig(
        newLagTimeMaxMs,
        retryBackoffMs,
        maxPendingAppends,
        maxProducers,
        producerExpiryMs,
        resignAfterMs);
  }
}
