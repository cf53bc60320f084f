// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import java.time.Duration;

/**
 * Bounds of one produce stream.
 *
 * @param maxInFlightBytes a stream is read no further while its unanswered batches have more
 * @param maxBatchBytes larger batches are refused with MESSAGE_TOO_LARGE, whatever the topic says
 * @param defaultTimeout for requests without a timeout
 */
public record ProduceLimits(long maxInFlightBytes, int maxBatchBytes, Duration defaultTimeout) {}
