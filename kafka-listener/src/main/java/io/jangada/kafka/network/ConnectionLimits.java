// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import java.time.Duration;

/**
 * What one connection may take.
 *
 * @param maxRequestBytes a larger request closes it
 * @param maxUnansweredBytes above it no further request is read
 * @param maxUnanswered requests; as many are not read ahead
 * @param idleTimeout silence after which it is closed, as well as answers that are not taken for so
 *     long: a consumer may be busy with the records it has
 * @param stallTimeout how long a request that was begun may make no progress
 * @param pressedTimeout how long that, or an answer, may make none while others wait for the memory
 */
public record ConnectionLimits(
    int maxRequestBytes,
    long maxUnansweredBytes,
    int maxUnanswered,
    Duration idleTimeout,
    Duration stallTimeout,
    Duration pressedTimeout) {}
