// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import java.time.Duration;

/**
 * What one connection may take.
 *
 * @param maxRequestBytes a larger request closes it
 * @param maxUnansweredBytes above it no further request is read
 * @param maxUnanswered requests; as many are not read ahead
 * @param idleTimeout silence after which it is closed
 * @param stallTimeout how long a request that was begun, or a response that is not taken, may make
 *     no progress
 */
public record ConnectionLimits(
    int maxRequestBytes,
    long maxUnansweredBytes,
    int maxUnanswered,
    Duration idleTimeout,
    Duration stallTimeout) {}
