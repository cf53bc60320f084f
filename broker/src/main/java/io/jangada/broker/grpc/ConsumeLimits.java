// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

/**
 * Bounds of one consume stream.
 *
 * @param maxAssignments partitions that one stream may read
 * @param maxResponseBytes how much one response carries, unless a single batch is larger
 */
public record ConsumeLimits(int maxAssignments, int maxResponseBytes) {}
