// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/**
 * An offset that was found by time.
 *
 * @param offset of the first record at or after the asked time
 * @param timestampMs that record's, milliseconds since the Unix epoch
 * @param leaderEpoch of the leader that answered
 */
public record OffsetAndTimestamp(long offset, long timestampMs, int leaderEpoch) {}
