// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/**
 * A batch found by time.
 *
 * @param timestampMs the largest timestamp in the batch
 * @param offset of the batch's first record
 * @param leaderEpoch of the batch
 */
public record TimestampOffset(long timestampMs, long offset, int leaderEpoch) {}
